import Papa from 'papaparse';
import {
  type Exchange,
  type Field,
  formatStatus,
  hex,
  kmsRequest,
  kmsResponse,
  type Layout,
} from '../protocol';
import type { Attempt } from './attempts/attempt';
import { attemptText } from './format-attempts';
import { formatTime, isSealed, latencyMs, printable } from './exchange-summary';

type Cell = string | number | bigint | boolean | Uint8Array | null | undefined;
type Column = readonly [name: string, value: (exchange: Exchange) => Cell];

/** A column for each field of a message, under its layout name. */
function fieldColumns(of: Layout, prefix: string, value: (exchange: Exchange) => unknown): Column[] {
  return Object.entries(of.fields).map(([name, field]) => [
    prefix + name,
    (exchange) => fieldText(field, (value(exchange) as Record<string, Cell> | null)?.[name]),
  ]);
}

/** What a request says in clear: every field, or of versions 5 and 6 the version alone. */
function requestValue({ request: { content } }: Exchange): unknown {
  return content.kind === 'malformed' ? null : content.value;
}

function responseValue({ answer }: Exchange): unknown {
  return answer?.kind === 'response' || answer?.kind === 'sealed' ? answer.value : null;
}

function fieldText(field: Field, value: Cell): Cell {
  return field.kind === 'text' && value instanceof Uint8Array ? `0x${hex(value)}` : value;
}

const COLUMNS: readonly Column[] = [
  ['index', ({ index }) => index],
  ['stream', ({ connection }) => connection],
  ['at', ({ requestedAt }) => formatTime(requestedAt)],
  ['latencyMs', latencyMs],
  ['client', ({ client }) => client],
  ['host', ({ host }) => host],
  ['transferSyntax', ({ transferSyntax }) => transferSyntax],
  ['sealed', isSealed],
  ...fieldColumns(kmsRequest, 'request.', requestValue),
  ['answer', ({ answer }) => answer?.kind ?? 'none'],
  ...fieldColumns(kmsResponse, 'response.', responseValue),
  ['hresult', ({ answer }) => (answer?.kind === 'refusal' ? formatStatus(answer.hresult) : '')],
  ['fault', ({ answer }) => (answer?.kind === 'fault' ? formatStatus(answer.status) : '')],
  ['sightings', ({ sightings }) => sightings?.map(({ client, host }) => `${client} to ${host}`).join('; ')],
  ['attempt.outcome', () => ''],
  ['attempt.stage', () => ''],
  ['attempt.detail', () => ''],
  ['attempt.reason', () => ''],
];

/** The first line: every field by its layout name. */
export function csvHeader(): string {
  return line(COLUMNS.map(([name]) => name));
}

/** One exchange as one record of CSV (RFC 4180), its CRLF included. */
export function csvLine(exchange: Exchange): string {
  return line(COLUMNS.map(([, value]) => cell(value(exchange))));
}

/** An attempt as a record under the same heading: what an exchange has and it has not is empty. */
export function csvAttempt(attempt: Attempt): string {
  const { connection, client, host, outcome, stage, reason } = attempt;
  const cells: Readonly<Record<string, Cell>> = {
    stream: connection,
    at: formatTime(attempt.at),
    client,
    host,
    answer: 'attempt',
    'attempt.outcome': outcome,
    'attempt.stage': stage,
    'attempt.detail': attemptText(attempt),
    'attempt.reason': reason?.code,
  };
  return line(COLUMNS.map(([name]) => cell(cells[name])));
}

/** A text that begins as a formula does is led by an apostrophe: a spreadsheet would carry it out, however many lines it has. */
const FORMULA = /^[=+\-@\t\r\n]/;
const line = (cells: readonly string[]): string =>
  `${Papa.unparse([cells], { escapeFormulae: FORMULA })}\r\n`;

const cell = (value: Cell): string =>
  value === null || value === undefined ? '' : value instanceof Uint8Array ? hex(value) : seen(String(value));

/** Tabs and ends of lines stay: a cell is quoted. */
const seen = (text: string): string => text.replace(/[^\t\r\n]+/g, printable);
