import { product } from '../../../protocol';
import type { HistoryRequest } from '../../model/history/history';
import { HistoryChecker } from '../../model/history/history-checker';
import type { LoadPlan } from './plan';

/** Requests of a thread as plain numbers, four each: machine, start and end in ms, count. A count of -1 never came. */
export interface HistoryChunk {
  readonly records: Float64Array;
  /** Every request that started before this time is in this chunk, or in one before it. */
  readonly passedMs: number;
}

const NUMBERS = 4;
const LOST = -1;
/** So many requests go in one chunk. */
const CHUNK = 256;

/** A clock that all threads of this process share, ms. */
export function sharedNowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** A request that is under way. */
interface UnderWay {
  readonly machine: number;
  readonly startMs: number;
}

/** Keeps when each request of a thread was sent and answered, and hands it on in chunks. */
export class HistoryTrace {
  readonly #underWay = new Set<UnderWay>();
  #numbers: number[] = [];

  constructor(private readonly handOn: (chunk: HistoryChunk) => void) {}

  start(machine: number): UnderWay {
    const started = { machine, startMs: sharedNowMs() };
    this.#underWay.add(started);
    return started;
  }

  /** It was answered with a count; or nobody knows whether it was counted (null); or it was not (undefined). */
  end(request: UnderWay, count: number | null | undefined): void {
    this.#underWay.delete(request);
    if (count === undefined) return;
    this.#record(request, count);
    if (this.#numbers.length >= CHUNK * NUMBERS) this.#flush(this.#least());
  }

  /** A copy of it may have been counted; it is sent once more. */
  unanswered(request: UnderWay): void {
    this.#record(request, null);
  }

  finish(): void {
    for (const request of this.#underWay) this.#record(request, null);
    this.#underWay.clear();
    this.#flush(Infinity);
  }

  #record({ machine, startMs }: UnderWay, count: number | null): void {
    this.#numbers.push(machine, startMs, count === null ? Infinity : sharedNowMs(), count ?? LOST);
  }

  /** Before which no request starts any more. */
  #least(): number {
    let least = sharedNowMs();
    for (const { startMs } of this.#underWay) least = Math.min(least, startMs);
    return least;
  }

  #flush(passedMs: number): void {
    this.handOn({ records: Float64Array.from(this.#numbers), passedMs });
    this.#numbers = [];
  }
}

/** Puts what all threads of a load saw together, and holds it against the model as it comes, in flat memory. */
export class LoadHistory {
  readonly checker: HistoryChecker;
  readonly #passed: number[];
  readonly #request: Omit<HistoryRequest, 'startMs' | 'endMs' | 'clientMachineId' | 'count'>;

  constructor(plan: LoadPlan, threads: number) {
    const { applicationId, requiredClientCount } = product(plan.product);
    this.#request = { kind: 'request', applicationId, requiredClientCount, isVirtualMachine: false };
    this.checker = new HistoryChecker({ largestPolicy: requiredClientCount });
    this.#passed = new Array<number>(Math.max(1, threads)).fill(-Infinity);
  }

  take(thread: number, { records, passedMs }: HistoryChunk): void {
    for (let i = 0; i < records.length; i += NUMBERS) {
      const [machine, startMs, endMs, count] = records.subarray(i, i + NUMBERS) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const clientMachineId = `machine ${thread + 1}.${machine + 1}`;
      this.checker.add({
        ...this.#request,
        clientMachineId,
        startMs,
        endMs,
        count: count === LOST ? null : count,
      });
    }
    this.#passed[thread] = passedMs;
    this.checker.passed(Math.min(...this.#passed));
  }
}
