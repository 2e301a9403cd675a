import { median } from '../../support/median';
import type { ControlName } from '../../target';

/** Answers that are looked back on, and uses of one control. */
const REMEMBERED = 32;
const REMEMBERED_CONTROLS = 4;
/** What a host takes over an answer before its pace is looked at closer. */
const SLOW_MS = 10;
/** The share of the time to live in which the last of some requests at the same time is to be answered. */
const SHARE_OF_TIMEOUT = 1 / 3;
const MOST_AT_ONCE = 64;
const PATIENCE_MS = 1000;
/** How many times what the slowest answer of late took a reaction may take. */
const PATIENCE_FACTOR = 4;
/** How many times what an answer costs if each scenario that is under way has one request before it: some have several. */
const QUEUE_FACTOR = 2;
const MEASURED_ALONE = 2;
const MEASURED_TOGETHER = 4;

/** How long the host of a run takes, as far as the run has seen: what a scenario takes is reckoned by it, and how long silence is waited for. */
export class Pace {
  /** What one answer was measured to cost where many are asked for at the same time, in ms; 0 where the host was quick. */
  measuredMs = 0;
  /** What one answer was measured to take with nothing beside it, its connection included, in ms; 0 where the host was quick. */
  measuredAloneMs = 0;
  /** How many scenarios are under way. */
  sideBySide = 1;
  readonly #recent: number[] = [];
  readonly #grants: number[] = [];
  readonly #controls = new Map<ControlName, number[]>();

  /** @param timeoutMs the time to live of a request */
  constructor(private readonly timeoutMs: number) {}

  /** An answer came. @param granted what is faulted or refused may cost a host nothing, and says nothing of what a grant costs */
  saw(latencyMs: number, granted = true): void {
    remember(this.#recent, latencyMs, REMEMBERED);
    if (granted) remember(this.#grants, latencyMs, REMEMBERED);
  }

  /**
   * What one answer costs as far as is known now: a machine that was busy for a moment made the host look slower than it is. One answer that
   * came at once does not make a host quick.
   */
  get eachMs(): number {
    return this.#grants.length === 0 ? this.measuredMs : Math.min(this.measuredMs, median(this.#grants));
  }

  /** What an answer takes where each request waits for the answer before, in ms: hosts that are slow may well answer many at a time. */
  get aloneMs(): number {
    const typicalMs = this.#grants.length === 0 ? Infinity : median(this.#grants);
    return Math.max(this.eachMs, Math.min(this.measuredAloneMs, typicalMs));
  }

  /** The slowest of the last answers, in ms. */
  get slowestMs(): number {
    return Math.max(0, ...this.#recent);
  }

  /**
   * How long something that the host need not answer is waited for, in ms: longer on a host that takes long over what it answers, and where
   * others of the run are served before it.
   */
  get patienceMs(): number {
    const [slowMs, queueMs] = [this.slowestMs, this.sideBySide * this.eachMs];
    const patienceMs = Math.max(
      PATIENCE_MS,
      Math.ceil(PATIENCE_FACTOR * slowMs),
      Math.ceil(QUEUE_FACTOR * queueMs),
    );
    return Math.min(patienceMs, this.timeoutMs);
  }

  /** How many requests may be under way so that the last is answered well within its time to live. */
  get atOnce(): number {
    if (this.eachMs === 0) return MOST_AT_ONCE;
    const most = Math.floor((this.timeoutMs * SHARE_OF_TIMEOUT) / this.eachMs);
    return Math.min(MOST_AT_ONCE, Math.max(1, most));
  }

  /**
   * Learns what an answer costs, alone and beside others, where the first took long.
   * @param ask one good request that changes nothing
   */
  async measure(ask: () => Promise<unknown>): Promise<void> {
    if (this.slowestMs < SLOW_MS) return;
    const aloneMs = await fastest(MEASURED_ALONE, ask);
    if (aloneMs < SLOW_MS) return;
    this.measuredAloneMs = aloneMs;
    const together = () => Promise.all(Array.from({ length: MEASURED_TOGETHER }, ask));
    const togetherMs = await fastest(1, together);
    this.measuredMs = Math.max(togetherMs / MEASURED_TOGETHER, aloneMs / MOST_AT_ONCE);
  }

  /** Carries out a control, and learns what it costs. */
  async control<T>(name: ControlName, carryOut: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await carryOut();
    this.tookControl(name, performance.now() - startedAt);
    return result;
  }

  tookControl(name: ControlName, tookMs: number): void {
    const recent = this.#controls.get(name) ?? [];
    remember(recent, tookMs, REMEMBERED_CONTROLS);
    this.#controls.set(name, recent);
  }

  /**
   * What a control costs as far as is known, in ms: the quickest of its last uses, since the first one may have started its program, and a
   * machine may be busy for a moment. One that was not used yet costs what others do; 0 where none was.
   */
  controlMs(name: ControlName): number {
    const recent = this.#controls.get(name) ?? [...this.#controls.values()].flat();
    return recent.length === 0 ? 0 : Math.min(...recent);
  }
}

function remember(recent: number[], ms: number, most: number): void {
  recent.push(ms);
  if (recent.length > most) recent.shift();
}

async function fastest(times: number, work: () => Promise<unknown>): Promise<number> {
  let bestMs = Infinity;
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    await work();
    bestMs = Math.min(bestMs, performance.now() - startedAt);
  }
  return bestMs;
}
