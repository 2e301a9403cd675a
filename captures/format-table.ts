import {
  displayText,
  displayValue,
  type Exchange,
  type Field,
  kmsRequest,
  kmsResponse,
  type Layout,
  sealedMessage,
} from '../protocol';
import type { Attempt } from './attempts/attempt';
import { OUTCOMES } from './attempts/outcomes';
import { attemptText } from './format-attempts';
import {
  administratorText,
  answerText,
  answerWords,
  clearRequest,
  formatTime,
  latencyMs,
  printable,
} from './exchange-summary';

/** Fixed widths, so that rows can be printed as they come; what people look for stands first, within 80 columns. */
const COLUMNS: readonly (readonly [title: string, width: number, text: (exchange: Exchange) => string])[] = [
  ['#', 5, ({ index }) => String(index)],
  ['time', 15, ({ requestedAt }) => formatTime(requestedAt).slice(11, 26)],
  ['answer', 10, (exchange) => answerWords(exchange)[0]],
  ['N', 4, (exchange) => clearRequest(exchange)?.requiredClientCount.toString() ?? ''],
  ['client machine id', 36, (exchange) => clearRequest(exchange)?.clientMachineId ?? contentText(exchange)],
  ['version', 8, (exchange) => `${versionText(exchange)} ${exchange.transferSyntax}`],
  ['name', 24, (exchange) => printable(displayText(clearRequest(exchange)?.workstationName ?? ''))],
  ['ms', 8, (exchange) => latencyMs(exchange)?.toFixed(3) ?? ''],
  ['client', 21, ({ client }) => client],
  ['host', 21, ({ host }) => host],
  ['meaning', 0, meaningText],
];

/** What the answer's word does not say, and that the same request was seen elsewhere too. */
function meaningText(exchange: Exchange): string {
  const [, name] = answerWords(exchange);
  const meaning = name === '' ? administratorText(exchange) : name;
  const again = (exchange.sightings ?? [])
    .slice(1)
    .map(({ client, host }) => `also seen from ${client} to ${host}`);
  return [meaning, ...again].filter((text) => text !== '').join('; ');
}

/** The line of column titles above those of {@link tableRow}. */
export function tableHeader(): string {
  return row(COLUMNS.map(([title]) => title));
}

/** One exchange as one line; what is wider than its column pushes the rest to the right. */
export function tableRow(exchange: Exchange): string {
  return row(COLUMNS.map(([, , text]) => text(exchange)));
}

/** An attempt as a line of the same table: what became of it stands where the answer would, what was seen where the machine is named. */
export function attemptRow(attempt: Attempt): string {
  const { word, meaning } = OUTCOMES[attempt.outcome];
  const cells: Readonly<Record<string, string>> = {
    '#': '-',
    time: formatTime(attempt.at).slice(11, 26),
    answer: word,
    'client machine id': attemptText(attempt),
    client: attempt.client,
    host: attempt.host,
    meaning,
  };
  return row(COLUMNS.map(([title]) => cells[title] ?? ''));
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(COLUMNS[i]![1]))
    .join('  ')
    .trimEnd();
}

function versionText({ request: { content } }: Exchange): string {
  return content.kind === 'malformed' ? '-' : `v${content.value.majorVersion}`;
}

function contentText({ request: { content } }: Exchange): string {
  return content.kind === 'malformed' ? 'malformed' : content.kind;
}

/** One exchange field by field: a line each, indented, under one for the exchange. */
export function describeExchange(exchange: Exchange): string[] {
  const { index, connection, client, host, requestedAt, transferSyntax } = exchange;
  const head = `exchange ${index}: ${formatTime(requestedAt)}, connection ${connection}, ${client} to ${host}, ${transferSyntax}`;
  return [
    head,
    ...(exchange.sightings ?? [])
      .slice(1)
      .map((seen) => `  seen again on connection ${seen.connection}, ${seen.client} to ${seen.host}`),
    '  request',
    ...describeRequest(exchange),
    `  answer: ${answerText(exchange)}`,
    ...describeAnswer(exchange),
    ...(administratorText(exchange) === '' ? [] : [`    ${administratorText(exchange)}`]),
  ];
}

/** One attempt in three lines. */
export function describeAttempt(attempt: Attempt): string[] {
  const { index, at, connection, client, host, outcome } = attempt;
  const place = connection === null ? '' : `connection ${connection}, `;
  const { summary, meaning } = OUTCOMES[outcome];
  return [
    `attempt ${index}: ${formatTime(at)}, ${place}${client} to ${host}`,
    `  ${summary}: ${attemptText(attempt)}`,
    `  ${meaning}`,
  ];
}

function describeRequest({ request: { content } }: Exchange): string[] {
  switch (content.kind) {
    case 'clear':
      return fieldLines(kmsRequest, content.value);
    case 'sealed':
      return fieldLines(sealedMessage, content.value);
    case 'malformed':
      return [
        `    malformed: ${content.error.path} at byte ${content.error.offset}: expected ${content.error.expected}, found ${content.error.actual}`,
      ];
  }
}

function describeAnswer({ answer }: Exchange): string[] {
  if (answer?.kind === 'response') return fieldLines(kmsResponse, answer.value);
  if (answer?.kind === 'sealed') return fieldLines(sealedMessage, answer.value);
  if (answer?.kind !== 'malformed') return [];
  const { path, offset, expected, actual } = answer.error;
  return [`    ${path} at byte ${offset}: expected ${expected}, found ${actual}`];
}

function fieldLines(of: Layout, value: Record<string, unknown>): string[] {
  const width = Math.max(...Object.keys(of.fields).map((name) => name.length));
  return Object.entries(of.fields).map(([name, field]: [string, Field]) => {
    return `    ${name.padEnd(width)}  ${printable(displayValue(field, value[name]))}`;
  });
}
