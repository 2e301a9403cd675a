import { performance } from 'node:perf_hooks';
import { type Instant, LazyDeadline } from './deadline';
import type { Ending } from './ending';
import type { HostFailure, Stage } from './host-failure';
import type { Inbox } from './inbox';

/** What is waited for: taken out of what has come, undefined while it has not. */
export type Take<T> = () => T | undefined;

interface Waiter {
  readonly take: Take<unknown>;
  readonly stage: Stage;
  readonly afterEnd: boolean;
  resolve(value: never): void;
  reject(error: Error): void;
}

/** The one wait of a connection: it is served when its bytes have come, or fails by its deadline or when the connection is over. */
export class Reader {
  readonly #deadline = new LazyDeadline(() => this.#fail((stage) => this.ending.late(stage, this.#waitMs)));
  #waiter: Waiter | null = null;
  #waitMs = 0;

  constructor(
    readonly inbox: Inbox,
    private readonly ending: Ending,
  ) {}

  /** @throws Error where somebody else waits */
  wait<T>(take: Take<T>, deadline: Instant, stage: Stage, afterEnd = false): Promise<T> {
    if (this.#waiter !== null) throw new Error('a connection has one reader at a time');
    try {
      const value = take();
      if (value !== undefined) return Promise.resolve(value);
    } catch (error) {
      return Promise.reject(this.ending.unreadable(error, stage));
    }
    if (this.ending.isOver(afterEnd)) return Promise.reject(this.ending.over(stage));
    this.#waitMs = deadline - performance.now();
    this.#deadline.set(deadline);
    return new Promise((resolve, reject) => {
      this.#waiter = { take, stage, afterEnd, resolve, reject };
    });
  }

  /** Looks whether what is waited for has come, or never will. */
  wake(): void {
    const waiter = this.#waiter;
    if (waiter === null) return;
    try {
      const value = waiter.take();
      if (value !== undefined) this.#release().resolve(value as never);
      else if (this.ending.isOver(waiter.afterEnd)) this.#fail((stage) => this.ending.over(stage));
    } catch (error) {
      this.#release().reject(this.ending.unreadable(error, waiter.stage));
    }
  }

  /** This side has closed the connection: nothing is waited for any more. */
  abandon(): void {
    this.dispose();
    this.#fail((stage) => this.ending.givenUp(stage));
  }

  dispose(): void {
    this.#deadline.dispose();
  }

  #fail(why: (stage: Stage) => HostFailure): void {
    if (this.#waiter === null) return;
    const waiter = this.#release();
    waiter.reject(why(waiter.stage));
  }

  #release(): Waiter {
    const waiter = this.#waiter!;
    this.#waiter = null;
    this.#deadline.clear();
    return waiter;
  }
}
