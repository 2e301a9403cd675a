import type * as fc from 'fast-check';
import { NIL_GUID } from '../../protocol';
import { goodAsk } from './conduct/render';
import type { AskStep, FieldChange, FuzzCase, RawStep, Step } from './case';

/** Whether these cases, run one after the other against a host that was made ready, still show what was found. */
export type StillFails = (cases: readonly FuzzCase[]) => Promise<boolean>;

export interface ShrinkLimits {
  /** Sequences that are tried at most: a slow host is not asked for ever. */
  readonly tries: number;
  readonly milliseconds: number;
}

/** Counts tries and time, and ends when the campaign is stopped. */
export class ShrinkBudget {
  #tries = 0;
  readonly #endsAt: number;

  constructor(
    private readonly limits: ShrinkLimits,
    private readonly stopped: () => boolean = () => false,
  ) {
    this.#endsAt = performance.now() + limits.milliseconds;
  }

  /** Takes one try. */
  take(): boolean {
    return !this.stopped() && this.#tries++ < this.limits.tries && performance.now() < this.#endsAt;
  }
}

/**
 * Drops of a sequence what is not needed, in halves at first, then one by one (delta debugging, Zeller and Hildebrandt 2002). The last
 * item stays: it is the one that showed the failure.
 */
export async function dropUnneeded<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  budget: ShrinkBudget,
): Promise<readonly T[]> {
  let kept = items;
  for (let size = Math.ceil((kept.length - 1) / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < kept.length - 1; ) {
      const without = [...kept.slice(0, at), ...kept.slice(Math.min(at + size, kept.length - 1))];
      if (!budget.take()) return kept;
      if (await fails(without)) kept = without;
      else at += size;
    }
  }
  return kept;
}

/**
 * Makes each case of a sequence simpler as fast-check shrinks it, from the last one to the first: the first simpler form that
 * still fails is taken, and shrunk in turn.
 */
export async function shrinkValues(
  arbitrary: fc.Arbitrary<FuzzCase>,
  values: readonly fc.Value<FuzzCase>[],
  fails: StillFails,
  budget: ShrinkBudget,
): Promise<readonly FuzzCase[]> {
  const simplest = [...values];
  for (let at = simplest.length - 1; at >= 0; at--) {
    const failsWith = (candidate: FuzzCase): Promise<boolean> =>
      fails(simplest.map((value, i) => (i === at ? candidate : value.value)));
    let next: fc.Value<FuzzCase> | null = simplest[at]!;
    while (next !== null) {
      simplest[at] = next;
      next = await firstFailing(arbitrary, next, failsWith, budget);
    }
  }
  return simplest.map(({ value }) => value);
}

async function firstFailing(
  arbitrary: fc.Arbitrary<FuzzCase>,
  from: fc.Value<FuzzCase>,
  fails: (candidate: FuzzCase) => Promise<boolean>,
  budget: ShrinkBudget,
): Promise<fc.Value<FuzzCase> | null> {
  for (const candidate of arbitrary.shrink(from.value, from.context)) {
    if (!budget.take()) return null;
    if (await fails(candidate.value)) return candidate;
  }
  return null;
}

/**
 * Takes away what a sequence does without, whole steps first, then everything that makes a request unusual, each by itself. Shrinking by
 * fast-check keeps to what the generators make, such as a change for each request of a level: this goes beyond.
 */
export async function simplify(
  cases: readonly FuzzCase[],
  fails: StillFails,
  budget: ShrinkBudget,
): Promise<readonly FuzzCase[]> {
  let kept = cases;
  for (let progress = true; progress; ) {
    progress = false;
    for (const simpler of simplerForms(kept)) {
      if (!budget.take()) return kept;
      if (!(await fails(simpler))) continue;
      kept = simpler;
      progress = true;
      break;
    }
  }
  return kept;
}

function* simplerForms(cases: readonly FuzzCase[]): Generator<readonly FuzzCase[]> {
  for (const [i, one] of cases.entries()) {
    const replaced = (steps: readonly Step[]): readonly FuzzCase[] =>
      cases.flatMap((other, at) => (at !== i ? [other] : steps.length === 0 ? [] : [{ ...one, steps }]));
    for (let at = 0; at < one.steps.length; at++) {
      const fewer = replaced(one.steps.filter((_, other) => other !== at));
      if (fewer.length > 0) yield fewer;
    }
    for (const [at, machine] of one.machines.entries()) {
      const plain = plainMachine(at);
      if (machine === plain || !isUsed(one, at)) continue;
      const machines = one.machines.with(at, plain);
      yield cases.with(i, { ...one, machines });
      // Of a CMID of zeros, CMID_prev may be what matters: it is the same, where a machine has none.
      if (machine === NIL_GUID)
        yield cases.with(i, { ...one, machines, steps: one.steps.map((step) => withOwnPrevious(step, at)) });
    }
    for (const [at, step] of one.steps.entries()) {
      if (step.kind === 'burst') {
        const { server, application } = step;
        yield replaced(one.steps.with(at, { ...goodAsk(one), server, application }));
      }
      if (step.kind === 'walk' && step.count === 1) {
        const { server, application } = step;
        yield replaced(one.steps.with(at, { ...goodAsk(one), server, application }));
      }
      for (const plainer of plainerSteps(step)) yield replaced(one.steps.with(at, plainer));
    }
  }
}

const withOwnPrevious = (step: Step, machine: number): Step =>
  step.kind === 'ask' && step.machine === machine && step.previous === null
    ? { ...step, previous: machine }
    : step;

/** A CMID without anything special about it. */
function plainMachine(at: number): string {
  if (at < 9) return `${at + 1}c5d3a17-64e2-4b0f-9a3c-7f1e5d2b8a4${at}`;
  const [first, last] = [at + 1, at].map((number) => number.toString(16).padStart(2, '0'));
  return `${first}5d3a17-64e2-4b0f-9a3c-7f1e5d2b8a${last}`;
}

const isUsed = ({ steps }: FuzzCase, machine: number): boolean =>
  steps.some(
    (step) =>
      'machine' in step && (step.machine === machine || ('previous' in step && step.previous === machine)),
  );

const without = <T>(items: readonly T[]): (readonly T[])[] =>
  items.map((_, at) => items.filter((__, i) => i !== at));

const ASK_LISTS = ['message', 'stub', 'header', 'body'] as const;
const PLAIN_ASK = {
  previous: null,
  objectUuid: null,
  messageSize: null,
  fragmentSize: null,
  bigEndian: false,
  on: 0,
  application: 0,
  syntax: 'ndr32',
} as const satisfies Partial<AskStep>;

function* plainerSteps(step: Step): Generator<Step> {
  if (step.kind === 'ask') {
    for (const list of ASK_LISTS)
      for (const fewer of without<FieldChange>(step[list])) yield { ...step, [list]: fewer };
    if (step.cuts.length > 0) yield { ...step, cuts: [] };
    for (const [name, plain] of Object.entries(PLAIN_ASK)) {
      if (step[name as keyof AskStep] !== plain) yield { ...step, [name]: plain };
    }
  } else if (step.kind === 'raw') {
    yield* fewerSegments(step);
  } else if (step.kind === 'pieces') {
    if (step.pieces.length > 1) for (const pieces of without(step.pieces)) yield { ...step, pieces };
  } else if (step.kind === 'bind') {
    for (const body of without(step.body)) yield { ...step, body };
    if (step.features) yield { ...step, features: false };
  } else if (step.kind === 'burst') {
    if (step.requiredClientCount !== null) yield { ...step, requiredClientCount: null };
    if (step.count > 2) yield { ...step, count: step.count - 1 };
  } else if (step.kind === 'walk') {
    for (const fewer of [Math.floor(step.count / 2), step.count - 1])
      if (fewer >= 1 && fewer < step.count) yield { ...step, count: fewer };
  }
}

/** Without one of the segments that it is sent in, such as a PDU of a whole conversation. */
function* fewerSegments(step: RawStep): Generator<RawStep> {
  const edges = [0, ...step.cuts.filter((cut) => cut > 0 && cut < step.bytes.length), step.bytes.length];
  if (edges.length < 3) return;
  for (let at = edges.length - 2; at >= 0; at--) {
    const [from, to] = [edges[at]!, edges[at + 1]!];
    const bytes = Buffer.concat([step.bytes.subarray(0, from), step.bytes.subarray(to)]);
    const cuts = step.cuts
      .filter((cut) => cut !== (at === 0 ? to : from))
      .map((cut) => (cut >= to ? cut - (to - from) : cut));
    yield { ...step, bytes, cuts };
  }
}
