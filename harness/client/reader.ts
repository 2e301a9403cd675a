import { type Instant, instantIn, LazyDeadline } from './deadline';
import type { Ending } from './ending';
import type { HostFailure, Stage } from './host-failure';
import type { Inbox } from './inbox';

/** What is waited for: taken out of what has come, undefined while it has not. */
export type Take<T> = () => T | undefined;

/** What a wait is for. An object of its own for each wait, so that it needs no closures. */
export interface Wanted<T> {
  take(): T | undefined;
  /** What is told where it does not come. @param error why */
  failed?(error: Error): Error;
}

interface Waiter {
  readonly wanted: Wanted<unknown>;
  readonly timeoutMs: number;
  readonly stage: Stage;
  readonly afterEnd: boolean;
  resolve(value: never): void;
  reject(error: Error): void;
}

/** The one wait of a connection: it is served when its bytes have come, or fails by its deadline or when the connection is over. */
export class Reader {
  readonly #deadline = new LazyDeadline(() => this.#fail((by) => this.ending.late(by.stage, by.timeoutMs)));
  #waiter: Waiter | null = null;

  constructor(
    readonly inbox: Inbox,
    private readonly ending: Ending,
  ) {}

  /**
   * @param deadline where several waits share one; else it is `timeoutMs` from now
   * @throws Error where somebody else waits
   */
  wait<T>(
    wanted: Wanted<T>,
    timeoutMs: number,
    stage: Stage,
    afterEnd = false,
    deadline?: Instant,
  ): Promise<T> {
    if (this.#waiter !== null) throw new Error('a connection has one reader at a time');
    try {
      const value = wanted.take();
      if (value !== undefined) return Promise.resolve(value);
    } catch (error) {
      return Promise.reject(told(wanted, this.ending.unreadable(error, stage)));
    }
    if (this.ending.isOver(afterEnd)) return Promise.reject(told(wanted, this.ending.over(stage)));
    this.#deadline.set(deadline ?? instantIn(timeoutMs));
    return new Promise((resolve, reject) => {
      this.#waiter = { wanted, timeoutMs, stage, afterEnd, resolve, reject };
    });
  }

  /** Looks whether what is waited for has come, or never will. */
  wake(): void {
    const waiter = this.#waiter;
    if (waiter === null) return;
    try {
      const value = waiter.wanted.take();
      if (value !== undefined) this.#release().resolve(value as never);
      else if (this.ending.isOver(waiter.afterEnd)) this.#fail(({ stage }) => this.ending.over(stage));
    } catch (error) {
      this.#fail(({ stage }) => this.ending.unreadable(error, stage));
    }
  }

  /** This side has closed the connection: nothing is waited for any more. */
  abandon(): void {
    this.dispose();
    this.#fail(({ stage }) => this.ending.givenUp(stage));
  }

  dispose(): void {
    this.#deadline.dispose();
  }

  #fail(why: (waiter: Waiter) => HostFailure | Error): void {
    if (this.#waiter === null) return;
    const waiter = this.#release();
    waiter.reject(told(waiter.wanted, why(waiter)));
  }

  #release(): Waiter {
    const waiter = this.#waiter!;
    this.#waiter = null;
    this.#deadline.clear();
    return waiter;
  }
}

const told = (wanted: Wanted<unknown>, error: Error): Error => wanted.failed?.(error) ?? error;
