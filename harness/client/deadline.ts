import { performance } from 'node:perf_hooks';

/** A point in Node's monotonic time, in ms; Infinity for none. */
export type Instant = number;

export const instantIn = (ms: number): Instant => performance.now() + ms;
export const msUntil = (instant: Instant): number => instant - performance.now();

/**
 * One deadline that is moved often and met seldom: the timer runs on and looks at the deadline when it fires, so that
 * moving it costs an assignment. At most one timer is alive, none behind `dispose`.
 */
export class LazyDeadline {
  #timer: NodeJS.Timeout | null = null;
  #firesAt: Instant = Infinity;
  #at: Instant = Infinity;

  constructor(private readonly onExpired: () => void) {}

  set(at: Instant): void {
    this.#at = at;
    if (at < this.#firesAt) this.#arm();
  }

  clear(): void {
    this.#at = Infinity;
  }

  dispose(): void {
    this.#at = Infinity;
    this.#firesAt = Infinity;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#firesAt = this.#at;
    this.#timer = setTimeout(this.#fire, Math.max(0, Math.ceil(this.#at - performance.now())));
  }

  readonly #fire = (): void => {
    this.#timer = null;
    this.#firesAt = Infinity;
    if (this.#at === Infinity) return;
    if (this.#at > performance.now()) return this.#arm();
    this.#at = Infinity;
    this.onExpired();
  };
}
