import type * as fc from 'fast-check';
import type { AskStep, FieldChange, FuzzCase, Step } from '../../../cases/case';

/** The most steps that a case grows to. */
const MAX_STEPS = 12;

const LISTS = ['message', 'stub', 'header', 'body'] as const;
/** What a request has beside changed fields. */
const PARTS = [
  'machine',
  'application',
  'server',
  'previous',
  'syntax',
  'callId',
  'messageSize',
  'objectUuid',
  'bigEndian',
  'fragmentSize',
  'cuts',
] as const satisfies readonly (keyof AskStep)[];

/**
 * A case that was kept with something of another: applications, machines and names are the other's, so that it meets the host as a case of
 * its own. All values come from the layouts, as those of every case.
 */
export function mutateCase(kept: FuzzCase, other: FuzzCase, random: fc.Random): FuzzCase {
  const upTo = (max: number): number => random.nextInt(0, max);
  // What is new in the other is not lost: it is met in the state that the kept one leads to.
  let steps: readonly Step[] =
    upTo(3) === 0 ? [...other.steps, ...kept.steps] : [...kept.steps, ...other.steps];
  if (steps.length > MAX_STEPS) steps = steps.slice(-MAX_STEPS);
  for (let times = upTo(2); times > 0; times--) steps = mutated(steps, other.steps, upTo);
  return {
    ...other,
    level: kept.level === 'control' || other.level === 'control' ? 'control' : 'sequence',
    steps,
  };
}

type UpTo = (max: number) => number;

function mutated(steps: readonly Step[], others: readonly Step[], upTo: UpTo): readonly Step[] {
  const at = upTo(steps.length - 1);
  const step = steps[at]!;
  const other = others[upTo(others.length - 1)]!;
  const how = upTo(9);
  if (how < 6 && step.kind === 'ask') return steps.with(at, changedAsk(step, other, upTo));
  if (how < 8 && steps.length < MAX_STEPS) return steps.toSpliced(at + upTo(1), 0, other);
  if (how === 8 && steps.length < MAX_STEPS) return [...steps, step];
  if (steps.length > 1) return steps.toSpliced(at, 1);
  return steps.with(at, other);
}

/** A request with one more thing that is unusual, one less, or another value. */
function changedAsk(step: AskStep, other: Step, upTo: UpTo): AskStep {
  const list = LISTS[upTo(LISTS.length - 1)]!;
  const donor = other.kind === 'ask' ? other : null;
  const filled = donor === null ? undefined : LISTS.find((name) => donor[name].length > 0);
  const how = upTo(3);
  if (how === 0 && step[list].length > 0) {
    const at = upTo(step[list].length - 1);
    return { ...step, [list]: step[list].with(at, nudged(step[list][at]!, upTo)) };
  }
  if (how <= 2 && donor !== null && filled !== undefined) {
    const added = donor[filled][upTo(donor[filled].length - 1)]!;
    const rest = step[filled].filter(({ field }) => field !== added.field);
    return { ...step, [filled]: [...rest, added] };
  }
  if (donor !== null) {
    const part = PARTS[upTo(PARTS.length - 1)]!;
    return { ...step, [part]: donor[part] };
  }
  return { ...step, [list]: step[list].slice(1) };
}

/** The same field with a value close by. */
function nudged(change: FieldChange, upTo: UpTo): FieldChange {
  const { value } = change;
  if (typeof value === 'number') {
    const near = [value - 1, value + 1, value ^ (1 << upTo(7)), value >>> 1][upTo(3)]!;
    // What a field of its size holds, whatever that is.
    const most = value <= 0xff ? 0xff : 0xffff;
    return near >= 0 && near <= most ? { ...change, value: near } : change;
  }
  if (value instanceof Uint8Array && value.length > 0) {
    const bytes = Uint8Array.from(value);
    bytes[upTo(bytes.length - 1)] = upTo(255);
    return { ...change, value: bytes };
  }
  return change;
}
