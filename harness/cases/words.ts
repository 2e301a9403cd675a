import {
  bindBody,
  kmsRequest,
  type KmsRequestInput,
  type Layout,
  NIL_GUID,
  pduHeader,
  REQUEST_SIZE,
  requestBody,
  requestStub,
} from '../../protocol';
import { type AskStep, type BurstStep, type FieldChange, type FuzzCase, GOOD_ASK, type Step } from './case';
import { goodRequest } from './conduct/render';

/** Bytes of a value that are told; of longer ones, how many there are. */
const MOST_BYTES = 48;

/** Plain requests one after another, from so many on, are one line. */
const FOLDED_FROM = 4;

/** What cases send, in words: each step with the fields and the values that are not as a client has them, plain ones together. */
export function wordsOf(cases: readonly FuzzCase[]): string[] {
  return cases.flatMap((one) => folded(stepsInWords(one)));
}

/** `machine 3 asks as a client`, and nothing unusual. */
const PLAIN = /^machine (\d+) asks as a (client|server)$/;

/** Lines in which one new machine after another asks as any client does, as one. */
function folded(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let from = 0; from < lines.length; ) {
    const [, first, kind] = PLAIN.exec(lines[from]!) ?? [];
    let end = from + 1;
    while (first !== undefined && lines[end] === `machine ${Number(first) + end - from} asks as a ${kind}`)
      end++;
    if (end - from < FOLDED_FROM) kept.push(...lines.slice(from, end));
    else
      kept.push(`machines ${first} to ${Number(first) + end - from - 1} ask one after the other as ${kind}s`);
    from = end;
  }
  return kept;
}

/** As {@link wordsOf}, a line for each step. */
export const stepsInWords = (one: FuzzCase): string[] => one.steps.map((step) => stepWords(one, step));

function stepWords(one: FuzzCase, step: Step): string {
  switch (step.kind) {
    case 'ask':
      return askWords(one, step);
    case 'pieces':
      return `machine ${step.machine + 1} asks in ${plural(step.pieces.length, 'piece')}: ${step.pieces.map(pieceWords).join(', ')}`;
    case 'raw':
      return `${step.what === 'recorded' ? 'a recorded PDU with octets changed' : step.what}, ${bytesWords(step.bytes)}${step.bound ? ', on a bound connection' : ''}${cutWords(step.cuts)}${step.held === true ? ', and no more for now' : ''}`;
    case 'bind':
      return [
        `a bind or alter_context of context ${step.contextId} in ${step.syntax}`,
        ...(step.groupOf === undefined ? [] : [`in the association group of connection ${step.groupOf + 1}`]),
        ...changeWords(bindBody, step.body),
      ].join(', ');
    case 'close':
      return `the connection is ended by ${step.how === 'fin' ? 'FIN' : 'RST'}${step.after === null ? '' : ` behind ${step.after} bytes of a good request`}`;
    case 'burst':
      return burstWords(step);
    case 'walk':
      return `${plural(step.count, `new ${kindOf(step.server)}`)} asking one after the other`;
    case 'advance':
      return `the host's clock is set ${step.seconds} seconds ahead`;
    case 'restart':
      return 'the host is restarted';
  }
}

function burstWords({ count, machine, server, requiredClientCount }: BurstStep): string {
  const policy = requiredClientCount === null ? '' : `, each with N_Policy ${requiredClientCount}`;
  return machine === undefined
    ? `${count} new ${kindOf(server)}s ask at once${policy}, then each of them alone and a further one`
    : `machine ${machine + 1} asks as a ${kindOf(server)} over ${count} connections at once${policy}`;
}

const kindOf = (server: boolean): string => (server ? 'server' : 'client');
const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function askWords(one: FuzzCase, step: AskStep): string {
  const usual = goodRequest(one, step, 0n);
  const { messageSize, previous, fragmentSize, objectUuid, callId, application, on } = step;
  const cmid = one.machines[step.machine];
  const unusual = [
    ...(cmid === NIL_GUID
      ? ['a CMID of zeros']
      : cmid?.endsWith('ff') === true
        ? ['a CMID that ends in ff']
        : []),
    ...step.message.map((change) => changeText(kmsRequest, change, usualText(usual, change))),
    ...(messageSize === null ? [] : [`a request message of ${messageSize} bytes${difference(messageSize)}`]),
    ...changeWords(requestStub, step.stub),
    ...changeWords(pduHeader, step.header),
    ...changeWords(requestBody, step.body),
    ...(previous === null
      ? []
      : [`CMID_prev of ${previous === step.machine ? 'itself' : `machine ${previous + 1}`}`]),
    ...(step.syntax === GOOD_ASK.syntax ? [] : [`in ${step.syntax}`]),
    ...(callId === GOOD_ASK.callId ? [] : [`call_id ${callId}`]),
    ...(objectUuid === null ? [] : [`object UUID ${objectUuid}`]),
    ...(step.bigEndian ? ['big-endian'] : []),
    ...(fragmentSize === null ? [] : [`in fragments of ${fragmentSize} bytes`]),
    ...(application === 0 ? [] : ['for another application']),
    ...(on === 0 ? [] : [`on connection ${on + 1}`]),
  ];
  const what = unusual.length === 0 ? '' : `: ${unusual.join(', ')}`;
  return `machine ${step.machine + 1} asks as a ${kindOf(step.server)}${what}${cutWords(step.cuts)}`;
}

/** "one more than 252". */
function difference(size: number): string {
  const by = Math.abs(size - REQUEST_SIZE);
  if (by === 0) return '';
  return `, ${by === 1 ? 'one' : by} ${size > REQUEST_SIZE ? 'more' : 'less'} than ${REQUEST_SIZE}`;
}

const cutWords = (cuts: readonly number[]): string =>
  cuts.length === 0 ? '' : `, in TCP segments that end at byte ${cuts.join(', ')}`;

function pieceWords({
  first,
  last,
  size,
  instead,
}: {
  first: boolean;
  last: boolean;
  size: number;
  instead: string | null;
}): string {
  if (instead !== null) return instead;
  const flags = [...(first ? ['FIRST'] : []), ...(last ? ['LAST'] : [])].join(' and ');
  return `${size} bytes${flags === '' ? '' : ` (${flags})`}`;
}

const changeWords = (of: Layout, changes: readonly FieldChange[]): string[] =>
  changes.map((change) => changeText(of, change));

const changeText = (of: Layout, { field, value }: FieldChange, usual = ''): string =>
  `${of.name}.${field} is ${valueText(value)}${usual}`;

function usualText(usual: KmsRequestInput, { field }: FieldChange): string {
  const value = (usual as unknown as Record<string, unknown>)[field];
  return typeof value === 'number' ? ` (a client sends ${value})` : '';
}

/** A value as words have it: numbers as they are, text in quotes, bytes in hexadecimal. */
export function valueText(value: unknown): string {
  if (value instanceof Uint8Array) return bytesWords(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object')
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return `${value as number | bigint | boolean | undefined}`;
}

function bytesWords(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, MOST_BYTES)).toString('hex');
  return bytes.length > MOST_BYTES
    ? `${bytes.length} bytes beginning ${hex}`
    : `${bytes.length} bytes ${hex}`.trimEnd();
}
