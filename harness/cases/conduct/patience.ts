import { RecentTimes } from './recent-times';

/**
 * Silence is believed behind so many times what nearly all honest answers take; where such a thing was met with silence before, behind
 * little more than what most take. One answer in a hundred, which a busy machine held up, does not have all silences waited for.
 */
const NEARLY_ALL = { share: 0.99, multiple: 4 };
const MOST = { share: 0.9, multiple: 4 };
const KNOWN_MULTIPLE = 1.5;
/** Slow answers that come together were held up together, by a machine that ran neither side meanwhile: one of them tells. */
const SLOW_MS = 25;
const TOGETHER_MS = 25;
/** What a scheduler may take from either side, however quick the host is. */
const LEAST_MS = 200;
const KNOWN_LEAST_MS = 10;
/**
 * Waits that were in vain lengthen those that follow so far and no further: more than that is for what honest answers take. On a machine that
 * has no time for either side, waits are in vain whatever they are.
 */
const MOST_GUESSED_MS = 1000;
const MOST_KNOWN_GUESSED_MS = LEAST_MS / 2;
/** Honest answers that the slowest is taken of, at least; at most twice as many. What waits in vain have lengthened stays as long. */
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
  /** Of waits that were in vain: so long they are at least. */
  #guessedMs = 0;
  #guessedKnownMs = 0;
  #slowAtMs = -Infinity;

  /**
   * @param timeoutMs the longest wait
   * @param answerMs what an honest answer took so far
   * @param nowMs a clock that only goes forward, in ms
   */
  constructor(
    readonly timeoutMs: number,
    answerMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#slowestMs = this.#slowMs = this.#mostMs = answerMs;
    this.#times.add(answerMs);
  }

  /** An honest answer took so long. */
  answered(ms: number): void {
    if (!this.#isHeldUpTogether(ms)) this.#times.add(ms);
    if (ms > this.#slowestMs) this.#slowestMs = ms;
    this.#answers++;
    // Of the first few each may be the slowest of all.
    if (this.#answers % LOOK_UP === 0 || this.#slowestBeforeMs === 0) this.#lookUp();
    if (this.#answers < WINDOW) return;
    this.#slowestBeforeMs = this.#slowestMs;
    this.#slowestMs = ms;
    this.#answers = 0;
    this.#guessedMs = this.#guessedKnownMs = 0;
  }

  #isHeldUpTogether(ms: number): boolean {
    if (ms < SLOW_MS) return false;
    const nowMs = this.nowMs();
    const isTogether = nowMs - this.#slowAtMs < TOGETHER_MS;
    if (!isTogether) this.#slowAtMs = nowMs;
    return isTogether;
  }

  /**
   * A wait was given up that the host would have ended: those like it are longer for a while. Several that were in vain at the same time are one.
   * @param waitedMs how long that was
   * @param tookMs what the host took where it was waited for with the whole deadline, an honest answer as others are; null where that is not known
   */
  wasTooShort(waitedMs: number, tookMs: number | null): void {
    if (tookMs !== null) this.answered(tookMs);
    const longer = 2 * waitedMs;
    // What is known for silence is waited for less, and only that.
    if (waitedMs < Math.min(LEAST_MS, this.timeoutMs)) {
      if (waitedMs < this.#knownMs) return;
      this.#guessedKnownMs = Math.min(MOST_KNOWN_GUESSED_MS, longer);
    } else {
      if (waitedMs < this.usualMs) return;
      this.#guessedMs = Math.min(MOST_GUESSED_MS, longer);
    }
    this.#answers = 0;
  }

  #lookUp(): void {
    this.#slowMs = this.#times.quantile(NEARLY_ALL.share);
    this.#mostMs = this.#times.quantile(MOST.share);
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
    const learnedMs = NEARLY_ALL.multiple * this.#slowMs;
    return Math.min(this.timeoutMs, Math.max(LEAST_MS, this.#guessedMs, learnedMs));
  }

  /** The same for something of these kinds, any of which may be known for silence. */
  waitMs(kinds: readonly string[]): number {
    return this.isSilent(kinds) ? this.#knownMs : this.usualMs;
  }

  get #knownMs(): number {
    return Math.min(
      this.timeoutMs,
      Math.max(KNOWN_LEAST_MS, this.#guessedKnownMs, KNOWN_MULTIPLE * this.#mostMs),
    );
  }

  /** Whether the host is known to say nothing to something of any of these kinds. */
  isSilent(kinds: readonly string[]): boolean {
    return this.#kinds.size > 0 && kinds.some((kind) => this.#isSilent(kind));
  }

  /** Behind so many ms most honest answers would be there, connection and bind included. */
  get longMs(): number {
    return Math.max(KNOWN_LEAST_MS, MOST.multiple * this.#mostMs);
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
