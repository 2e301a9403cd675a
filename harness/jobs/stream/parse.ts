import { suggest } from '../../support/suggest';
import { parseDuration } from '../../support/duration';
import {
  type AgainAction,
  type MixShares,
  NO_SHARES,
  type Repeated,
  type Selector,
  type StreamNode,
  nodeLength,
  type StreamProgram,
  streamLength,
} from './notation';
import { Reader } from './reader';
import { StreamError } from './stream-error';
import { MACHINE_TYPES, machineType, readSelector } from './words';

/** The most that one `*N` may ask for. */
export const MAX_TIMES = 1_000_000_000;
const MAX_DEPTH = 64;
/** Requests at the same time. */
export const MAX_PARALLEL = 512;
const MAX_WAIT_SECONDS = 100 * 365 * 86_400;

const AGAIN: ReadonlyMap<string, AgainAction> = new Map([
  ['renew', 'renewal'],
  ['duplicate', 'duplicate'],
  ['clone', 'clone'],
  ['reimage', 'reimage'],
]);
const FUNCTIONS = [...AGAIN.keys(), 'wait', 'shuffle', 'par', 'mix'];
const WORDS = [...MACHINE_TYPES.keys(), ...FUNCTIONS, 'reset', 'restart'];

/**
 * Reads a stream notation such as `server*15 client*45 renew(server)*5 wait(30d) client*2`.
 * @throws StreamError that points at the character
 */
export function parseStream(notation: string): StreamProgram {
  const reader = new Reader(notation);
  const items = readItems(reader, 0);
  if (!reader.atEnd) reader.fail(`expected an item or the end, found "${reader.peek()}"`);
  if (items.length === 0) reader.fail('the stream is empty; write for example server*15 client*45');
  if (streamLength(items) === 0) reader.fail('the stream sends no request: there is no count to check');
  return { notation, items };
}

function readItems(reader: Reader, depth: number): Repeated[] {
  const items: Repeated[] = [];
  reader.skipSpace();
  while (!reader.atEnd && reader.peek() !== ')') {
    const last = items.at(-1);
    if (last !== undefined && last.times === Infinity) reader.fail('nothing can stand behind *forever');
    items.push(readRepeated(reader, depth));
    reader.skipSpace();
  }
  return items;
}

function readRepeated(reader: Reader, depth: number): Repeated {
  const at = reader.offset;
  const node = readNode(reader, depth);
  reader.skipSpace();
  return { node, times: reader.take('*') ? readTimes(reader, node) : 1, at };
}

function readTimes(reader: Reader, node: StreamNode): number {
  reader.skipSpace();
  const at = reader.offset;
  const word = reader.word();
  if (word === 'forever') {
    if (node.kind === 'wait' || node.kind === 'control')
      reader.fail('a wait or a control is no request: it cannot go on forever', at);
    if (nodeLength(node) === 0) reader.fail('the group sends no request: it cannot go on forever', at);
    return Infinity;
  }
  if (!/^\d+$/.test(word))
    reader.fail(`expected a number or "forever" behind *, found ${reader.quoted(word)}`, at);
  const times = Number(word);
  if (times < 1 || times > MAX_TIMES) reader.fail(`a count is from 1 to ${MAX_TIMES}, not ${word}`, at);
  return times;
}

function readNode(reader: Reader, depth: number): StreamNode {
  if (depth > MAX_DEPTH) reader.fail(`groups nest at most ${MAX_DEPTH} deep`);
  if (reader.peek() === '(') return readGroup(reader, depth, false);
  const at = reader.offset;
  const word = reader.word();
  if (word === '') reader.fail(`expected a machine, renew(…), wait(…) or a group, found "${reader.peek()}"`);
  if (word === 'reset' || word === 'restart') return { kind: 'control', control: word };
  if (word === 'shuffle') return readGroup(reader, depth, true);
  if (word === 'par') return readParallel(reader, depth, at);
  if (word === 'wait') return readWait(reader);
  if (word === 'mix') return readMix(reader);
  if (word === 'virtual' && reader.peek() === '(') return readVirtual(reader);
  const action = AGAIN.get(word);
  if (action !== undefined) return { kind: 'again', action, selector: readSelectorArguments(reader, action) };
  const type = machineType(word);
  if (type !== undefined) return { kind: 'machine', type };
  return unknownWord(reader, word, at);
}

function unknownWord(reader: Reader, word: string, at: number): never {
  if (/^\d+$/.test(word) && reader.peek() === '*') {
    return reader.fail('the count stands behind the machine: server*15', at);
  }
  const guess = suggest(word, WORDS);
  return reader.fail(
    `${reader.quoted(word)} stands for nothing in a stream${guess === undefined ? '' : `, did you mean ${guess}?`} (known: ${WORDS.join(', ')})`,
    at,
  );
}

function readGroup(reader: Reader, depth: number, shuffled: boolean): StreamNode {
  const opened = reader.offset;
  reader.expect('(', shuffled ? 'it takes a group: shuffle(server*15 client*45)' : 'expected "("');
  const items = readItems(reader, depth + 1);
  if (!reader.take(')')) throw new StreamError(reader.text, opened, 'this group is not closed; add ")"');
  if (items.length === 0) throw new StreamError(reader.text, opened, 'this group is empty');
  const endless = items.find(({ times }) => times === Infinity);
  if (endless !== undefined) reader.fail('*forever stands outside groups only', endless.at);
  return { kind: 'group', items, shuffled };
}

/** A group whose requests are sent at the same time: what would have to come before or after others has no place in it. */
function readParallel(reader: Reader, depth: number, at: number): StreamNode {
  const { items } = readGroup(reader, depth, true) as Extract<StreamNode, { kind: 'group' }>;
  const problem = parallelProblem(items);
  if (problem !== null) reader.fail(problem, at);
  const length = streamLength(items);
  if (length > MAX_PARALLEL)
    reader.fail(`at most ${MAX_PARALLEL} requests at the same time, not ${length}`, at);
  return { kind: 'parallel', items };
}

function parallelProblem(items: readonly Repeated[]): string | null {
  for (const { node } of items) {
    if (node.kind === 'wait' || node.kind === 'control')
      return 'a wait or a control cannot be part of par(…)';
    if (node.kind === 'parallel') return 'par(…) cannot be part of another';
    if (node.kind === 'mix' && node.shares.reimaged > 0) return 'no machine can be re-imaged in par(…)';
    if (node.kind === 'again' && node.action === 'reimage') return 'no machine can be re-imaged in par(…)';
    if (node.kind === 'again' && node.selector.pick === 'all')
      return 'renew(all) cannot be part of par(…): say how many';
    const inner = node.kind === 'group' ? parallelProblem(node.items) : null;
    if (inner !== null) return inner;
  }
  return null;
}

function readWait(reader: Reader): StreamNode {
  reader.expect('(', 'wait takes a time: wait(30d)');
  const at = reader.skipSpace();
  const text = reader.until(')');
  const seconds = parseDuration(text.trim());
  if (seconds === undefined)
    reader.fail(`expected a time such as 30d, 29d23h or 90s, found ${reader.quoted(text.trim())}`, at);
  if (seconds <= 0 || seconds > MAX_WAIT_SECONDS)
    reader.fail('a wait is longer than 0 and at most 100 years', at);
  reader.expect(')', 'expected ")" behind the time');
  return { kind: 'wait', seconds };
}

/** `virtual(server)`: a virtual machine of any type. */
function readVirtual(reader: Reader): StreamNode {
  reader.expect('(', '');
  const at = reader.skipSpace();
  const word = reader.word();
  const type = machineType(word);
  if (type === undefined || type.virtual) {
    reader.fail(`expected client, server or a product, found ${reader.quoted(word)}`, at);
  }
  reader.skipSpace();
  reader.expect(')', 'expected ")"');
  return { kind: 'machine', type: { ...type, word: `virtual ${word}`, virtual: true } };
}

/** `renew` alone is `renew(any, oldest)`. */
function readSelectorArguments(reader: Reader, action: AgainAction): Selector {
  return reader.take('(') ? readSelector(reader, action) : { of: 'any', pick: 'oldest' };
}

function readMix(reader: Reader): StreamNode {
  const opened = reader.offset;
  reader.expect('(', 'mix takes shares: mix(servers=20%, renewals=50%)*1000');
  const shares: Record<string, number> = {};
  do {
    readShare(reader, shares);
  } while (reader.take(','));
  reader.expect(')', 'expected "," or ")"');
  const mix: MixShares = { ...NO_SHARES, ...(shares as Partial<MixShares>) };
  if (mix.renewals + mix.duplicates + mix.clones + mix.reimaged > 1 + 1e-9) {
    reader.fail('renewals, duplicates, clones and reimaged are more than 100 % together', opened);
  }
  return { kind: 'mix', shares: mix };
}

function readShare(reader: Reader, shares: Record<string, number>): void {
  const at = reader.skipSpace();
  const name = reader.word();
  if (!Object.hasOwn(NO_SHARES, name)) {
    reader.fail(`expected one of ${Object.keys(NO_SHARES).join(', ')}, found ${reader.quoted(name)}`, at);
  }
  if (Object.hasOwn(shares, name)) reader.fail(`${name} is given twice`, at);
  reader.skipSpace();
  reader.expect('=', `expected "=" and a share: ${name}=20%`);
  const valueAt = reader.skipSpace();
  const digits = reader.match(/\d+(\.\d+)?/y);
  reader.skipSpace();
  const percent = reader.take('%');
  const share = Number(digits) / (percent ? 100 : 1);
  if (digits === '' || share > 1)
    reader.fail('expected a share from 0 % to 100 %, such as 20% or 0.2', valueAt);
  shares[name] = share;
  reader.skipSpace();
}
