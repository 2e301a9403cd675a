import { RecentTimes } from './recent-times';

/**
 * Silence is believed behind so many times what nearly all honest answers take; where such a thing was met with silence before, behind little more
 * than what most take. One answer in a hundred, which a busy machine held up, does not have all silences waited for.
 */
const SLOW = { share: 0.99, multiple: 4 };
const KNOWN = { share: 0.9, multiple: 1.5 };
/** What a scheduler may take from either side, however quick the host is. */
const LEAST_MS = 200;
const KNOWN_LEAST_MS = 10;
/** Honest answers that the slowest is taken of, at least; at most twice as many. A wait that was too short is remembered as long. */
const WINDOW = 512;
/** The shares are looked up again behind so many. */
const LOOK_UP = 16;
/** Silences before a kind is known for it. */
const ENOUGH = 3;

interface Habit {
  silences: number;
  reactions: number;
}

/**
 * How long a host is waited for, learned from how quick it is: never longer than the deadline of the campaign. It decides when the next
 * case is sent, not whether a host is late: what looks late is asked again with the whole deadline.
 */
export class Patience {
  readonly #kinds = new Map<string, Habit>();
  readonly #times = new RecentTimes();
  #slowestMs: number;
  #slowestBeforeMs = 0;
  #answers = 0;
  /** What nearly all took, and what most. */
  #slowMs: number;
  #mostMs: number;
  /** Of waits that were too short: answers are taken to need that much. */
  #leastMs = 0;

  /**
   * @param timeoutMs the longest wait
   * @param answerMs what an honest answer took so far
   */
  constructor(
    readonly timeoutMs: number,
    answerMs: number,
  ) {
    this.#slowestMs = this.#slowMs = this.#mostMs = answerMs;
    this.#times.add(answerMs);
  }

  /** An honest answer took so long. */
  answered(ms: number): void {
    this.#times.add(ms);
    if (ms > this.#slowestMs) this.#slowestMs = ms;
    this.#answers++;
    // Of the first few each may be the slowest of all.
    if (this.#answers % LOOK_UP === 0 || this.#slowestBeforeMs === 0) this.#lookUp();
    if (this.#answers < WINDOW) return;
    this.#slowestBeforeMs = this.#slowestMs;
    this.#slowestMs = ms;
    this.#answers = 0;
    this.#leastMs = 0;
  }

  /** A wait was given up that the host would have ended: from now on it is longer. */
  wasTooShort(): void {
    this.#leastMs = Math.min(
      this.timeoutMs,
      2 * Math.max(this.#leastMs, this.#slowMs, LEAST_MS / SLOW.multiple),
    );
    this.#answers = 0;
  }

  #lookUp(): void {
    this.#slowMs = this.#times.quantile(SLOW.share);
    this.#mostMs = this.#times.quantile(KNOWN.share);
  }

  /** What the host did about something of these kinds. */
  heard(kinds: readonly string[], silent: boolean): void {
    for (const kind of kinds) {
      let habit = this.#kinds.get(kind);
      if (habit === undefined) {
        // What is never met with silence is not looked up for nothing.
        if (!silent) continue;
        this.#kinds.set(kind, (habit = { silences: 0, reactions: 0 }));
      }
      if (silent) habit.silences++;
      else habit.reactions++;
    }
  }

  /** How long a reaction is waited for, in ms. */
  get usualMs(): number {
    return Math.min(
      this.timeoutMs,
      Math.max(LEAST_MS, SLOW.multiple * Math.max(this.#leastMs, this.#slowMs)),
    );
  }

  /** The same for something of these kinds, any of which may be known for silence. */
  waitMs(kinds: readonly string[]): number {
    if (!this.isSilent(kinds)) return this.usualMs;
    const mostMs = Math.max(this.#leastMs, this.#mostMs);
    return Math.min(this.timeoutMs, Math.max(KNOWN_LEAST_MS, KNOWN.multiple * mostMs));
  }

  /** Whether the host is known to say nothing to something of any of these kinds. */
  isSilent(kinds: readonly string[]): boolean {
    return this.#kinds.size > 0 && kinds.some((kind) => this.#isSilent(kind));
  }

  /** Behind so many ms most honest answers would be there, connection and bind included. */
  get longMs(): number {
    return Math.max(KNOWN_LEAST_MS, SLOW.multiple * Math.max(this.#leastMs, this.#mostMs));
  }

  /** The slowest honest answer of late, in ms. */
  get answerMs(): number {
    return Math.max(this.#slowestMs, this.#slowestBeforeMs);
  }

  #isSilent(kind: string): boolean {
    const habit = this.#kinds.get(kind);
    return habit !== undefined && habit.silences >= ENOUGH && habit.silences > habit.reactions;
  }
}
