import type { RequestAction } from './generate';
import type { StreamPoint } from './stream-event';

/** Requests in a row that went alike: machines of one word doing one thing, the counts rising by one or standing still. */
export interface Segment {
  readonly from: number;
  to: number;
  readonly action: RequestAction;
  readonly word: string;
  /** Number of the first machine, and of the last. */
  readonly firstOrdinal: number;
  lastOrdinal: number;
  readonly answered: Run;
  readonly expected: Run;
  readonly capacity: number;
  readonly note: string | null;
  readonly differs: boolean;
}

/** Numbers in a row: `from`, then each by `step` more; null stands for no count. */
export interface Run {
  readonly from: number | null;
  to: number | null;
  /** Null as long as there is only one. */
  step: 0 | 1 | null;
}

/** How many segments are kept from the beginning and from the end of a long stream. */
const KEPT_FIRST = 60;
const KEPT_LAST = 20;

/** Folds a stream into segments, in bounded memory. */
export class SegmentCollector {
  readonly #first: Segment[] = [];
  #last: Segment[] = [];
  #current: Segment | null = null;
  #left = 0;

  add(point: StreamPoint): void {
    if (this.#current !== null && extend(this.#current, point)) return;
    this.#current = segmentOf(point);
    if (this.#first.length < KEPT_FIRST) {
      this.#first.push(this.#current);
      return;
    }
    this.#last.push(this.#current);
    if (this.#last.length > 2 * KEPT_LAST) {
      this.#left += this.#last.length - KEPT_LAST;
      this.#last = this.#last.slice(-KEPT_LAST);
    }
  }

  /** Segments from the beginning, how many were let go, and those at the end. */
  get segments(): {
    readonly first: readonly Segment[];
    readonly left: number;
    readonly last: readonly Segment[];
  } {
    const last = this.#last.slice(-KEPT_LAST);
    return { first: this.#first, left: this.#left + this.#last.length - last.length, last };
  }
}

function segmentOf({ index, request, answered, expected, capacity, note, difference }: StreamPoint): Segment {
  const { machine, action } = request;
  return {
    from: index,
    to: index,
    action,
    word: machine.type.word,
    firstOrdinal: machine.ordinal,
    lastOrdinal: machine.ordinal,
    answered: { from: answered, to: answered, step: null },
    expected: { from: expected, to: expected, step: null },
    capacity,
    note,
    differs: difference !== null,
  };
}

/** Takes the point into the segment if it goes on in the same way. */
function extend(segment: Segment, point: StreamPoint): boolean {
  const { machine, action } = point.request;
  const alike =
    segment.action === action &&
    segment.word === machine.type.word &&
    segment.lastOrdinal + 1 === machine.ordinal &&
    segment.capacity === point.capacity &&
    segment.note === point.note &&
    segment.differs === (point.difference !== null) &&
    continues(segment.answered, point.answered) &&
    continues(segment.expected, point.expected);
  if (!alike) return false;
  segment.to = point.index;
  segment.lastOrdinal = machine.ordinal;
  take(segment.answered, point.answered);
  take(segment.expected, point.expected);
  return true;
}

function continues({ to, step }: Run, value: number | null): boolean {
  if (to === null || value === null) return to === value;
  const next = value - to;
  return step === null ? next === 0 || next === 1 : next === step;
}

function take(run: Run, value: number | null): void {
  if (run.to !== null && value !== null && run.step === null) run.step = value === run.to ? 0 : 1;
  run.to = value;
}
