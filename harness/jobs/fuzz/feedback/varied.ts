import { bindBody, kmsRequest, type Layout, pduHeader, requestBody, requestStub } from '../../../../protocol';
import type { AskStep, BindStep, FieldChange, FuzzCase, Piece, Step } from '../../../cases/case';
import { specialMachine } from '../../../cases/features';
import { tagsOf } from '../../../cases/tags';

/** Numbers up to it stand for themselves. */
const SMALL = 16n;
/** Of sizes so many bits are told apart by their highest alone. */
const FINE = 256;
/** Bytes behind which a cut lies somewhere in the message. */
const HEAD = 40;
/** Contexts that clients offer. */
const USUAL_CONTEXTS = 4;
/** Clients count their calls from 1. */
const USUAL_CALLS = 1000;

/**
 * What a case varies, by classes of values: a field with a number at an edge is another thing than the same with any number of its size. It
 * tells cases apart by which a host may be tried in a way in which it was not.
 */
export function variedIn(one: FuzzCase): ReadonlySet<string> {
  const asked = new Set<string>();
  const varied = new Set<string>();
  let before: Step | null = null;
  for (const step of one.steps) {
    for (const word of stepWords(one, step)) varied.add(word);
    if (step.kind === 'ask') for (const word of relations(step, before, asked)) varied.add(word);
    before = step;
  }
  return varied;
}

function stepWords(one: FuzzCase, step: Step): string[] {
  switch (step.kind) {
    case 'ask':
      return askWords(one, step);
    case 'bind':
      return bindWords(step);
    case 'pieces':
      return step.pieces.map(pieceWord);
    case 'close':
      return [`${step.kind} ${step.how} ${step.after === null ? '' : cutClass(step.after)}`];
    case 'burst':
      return [`burst ${step.requiredClientCount === null ? '' : classOf(step.requiredClientCount)}`];
    default:
      return tagsOf(step);
  }
}

function askWords({ machines }: FuzzCase, step: AskStep): string[] {
  const { previous, machine, messageSize, objectUuid, bigEndian, fragmentSize, cuts, callId } = step;
  const words = [
    ...changeWords(kmsRequest, step.message),
    ...changeWords(requestStub, step.stub),
    ...changeWords(pduHeader, step.header),
    ...changeWords(requestBody, step.body),
    ...cuts.map((cut) => `cut ${cutClass(cut)}`),
    specialMachine(machines[machine] ?? ''),
  ];
  if (previous !== null) words.push(previous === machine ? 'previous itself' : 'previous another');
  if (messageSize !== null) words.push(`size ${messageSize < FINE ? messageSize : 'long'}`);
  if (objectUuid !== null) words.push('object UUID');
  if (bigEndian) words.push('big-endian');
  if (fragmentSize !== null) words.push(`fragments ${Math.clz32(fragmentSize)}`);
  if (callId > USUAL_CALLS) words.push(`call_id ${classOf(callId)}`);
  return words.filter((word) => word !== '');
}

const bindWords = ({ contextId, syntax, body }: BindStep): string[] => [
  `bind ${syntax} ${contextId > USUAL_CONTEXTS ? classOf(contextId) : ''}`,
  ...changeWords(bindBody, body),
];

const pieceWord = ({ first, last, size, callIdOffset, instead }: Piece): string =>
  `piece ${instead ?? ''} ${first ? 'first' : ''} ${last ? 'last' : ''} ${size === 0 ? 'empty' : ''} ${callIdOffset}`;

/** How a request stands to those before it. */
function relations({ machine, application, on }: AskStep, before: Step | null, asked: Set<string>): string[] {
  const words: string[] = [];
  if (asked.has(`${machine}/${application}`)) words.push('machine again');
  if (asked.has(`${machine}/${1 - application}`)) words.push('machine of another application');
  if (before !== null && 'on' in before && before.on !== on) words.push('another connection');
  asked.add(`${machine}/${application}`);
  return words;
}

const changeWords = (of: Layout, changes: readonly FieldChange[]): string[] =>
  changes.map(({ field, value }) => `${of.name}.${field} ${classOf(value)}`);

const cutClass = (at: number): string => (at < HEAD ? String(at) : 'within');

/** A value by what is special about it: a number at an edge is itself, any other its size. */
function classOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return numberClass(BigInt(value));
  if (value instanceof Uint8Array) {
    const [first] = value;
    return `${Math.clz32(value.length)} bytes ${value.every((octet) => octet === first) ? first : ''}`;
  }
  if (typeof value !== 'string') return '';
  const special = `${/[\ud800-\udfff]/.test(value) ? 'surrogate' : ''}${value.includes('\0') ? 'NUL' : ''}`;
  return `${value.length >= LONG_TEXT ? value.length : Math.clz32(value.length)} units ${special}`;
}

/** A workstation name is full with 63. */
const LONG_TEXT = 60;

function numberClass(value: bigint): string {
  const isEdge = value <= SMALL || (value & (value - 1n)) === 0n || (value & (value + 1n)) === 0n;
  return isEdge ? String(value) : `of ${value.toString(2).length} bits`;
}
