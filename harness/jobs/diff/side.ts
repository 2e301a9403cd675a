import { REQUEST_SIZE } from '../../../protocol';
import type { FuzzCase } from '../../cases/case';
import type { RunContext } from '../../cases/conduct/capabilities';
import type { Witnessed } from '../../cases/conduct/heard';
import { lanesFor, learnPace, type Pace } from '../../cases/conduct/pace';
import { findRun } from '../../cases/conduct/find-run';
import { Patience } from '../../cases/conduct/patience';
import { checkLiveness, learnCapabilities, type Life } from '../../cases/conduct/probe';
import { revive, USUAL_REVIVAL } from '../../cases/conduct/revive';
import { runCase } from '../../cases/conduct/run-case';
import { CaseCount } from '../../cases/judge/case-count';
import { CoverageTable } from '../../cases/judge/coverage';
import { LeakWatch } from '../../cases/judge/leak-watch';
import type { Violation } from '../../cases/judge/violation';
import type { ConnectionObserver } from '../../client';
import type { CounterName, HostCounters } from '../../model/host-counters';
import { Random } from '../../support/random';
import type { Target } from '../../target';
import type { Observation } from './observation';
import { type OwnTraits, type Seen, seenOf } from './seen';

/** What a conversation is held with, beside what it sends. */
export interface Holding {
  /** The table that its counts are held against; by default each case has its own. */
  readonly count?: CaseCount | undefined;
  /** Hears the connections of this conversation. */
  readonly observer?: ConnectionObserver | undefined;
  /** Asks the host for its own counters behind it. */
  readonly counters?: boolean;
  readonly watch?: LeakWatch;
}

export interface SideOptions {
  readonly timeoutMs: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** A restart that takes longer is left out between conversations. */
const SLOW_RESTART_MS = 100;
/** Deadline of what is held alone: so many usual answers. */
const ALONE_LATENCIES = 100;
const LEAST_ALONE_MS = 250;
/** What depends on segments must show every time, on a host that is busy too. */
const SEGMENT_PAUSE_MS = 2;

/** One of the two hosts: holds conversations with it, and brings it back where it died of one. */
export class Side {
  readonly coverage = new CoverageTable();
  readonly own: OwnTraits;
  /** Conversations that were held with it. */
  held = 0;
  readonly #watch = new LeakWatch();
  #mustRevive = false;
  #isRestartSlow = false;

  private constructor(
    readonly target: Target,
    private readonly learned: RunContext,
    readonly pace: Pace,
    private readonly random: Random,
  ) {
    this.own = { ePid: null, mac: learned.mac };
  }

  /** Finds out what a host can. @throws HostFailure where it cannot be reached, or answers no good request */
  static async open(target: Target, { timeoutMs, seed, signal }: SideOptions): Promise<Side> {
    const { endpoint, profile, mac, clock } = target;
    const random = new Random(seed).fork('diff');
    const base = { endpoint, profile, mac, timeoutMs, signal };
    const capabilities = await learnCapabilities(base, random, clock.now());
    const pace = await learnPace({ ...base, capabilities }, random);
    const patience = new Patience(timeoutMs, pace.answerMs);
    return new Side(target, { ...base, capabilities, patience }, pace, random);
  }

  /** How often this seed was run against it before: it remembers those machines, where nothing empties it. */
  runsBefore(seed: number): Promise<number> {
    const { learned, target } = this;
    const remembers = target.controls.reset === undefined && learned.capabilities.countsApplicationsApart;
    return remembers ? findRun(learned, seed, target.clock.now()) : Promise.resolve(0);
  }

  /** The same host, asked as both are: what one of them cannot is asked of neither, and for what one takes long both are given time. */
  asking(capabilities: RunContext['capabilities'], lingerMs: number): Side {
    return new Side(this.target, { ...this.learned, capabilities, lingerMs }, this.pace, this.random);
  }

  get capabilities(): RunContext['capabilities'] {
    return this.learned.capabilities;
  }

  get lanes(): number {
    return lanesFor(this.pace, this.learned.timeoutMs);
  }

  /** Its own deadline where it is asked alone: it is known how quick it is. */
  get #aloneMs(): number {
    const usual = Math.max(LEAST_ALONE_MS, ALONE_LATENCIES * this.pace.answerMs);
    return Math.min(this.learned.timeoutMs, usual);
  }

  /** As it was before anybody asked, as far as its controls go. @throws TargetDied, ControlFailure */
  async makeReady(stopped: () => boolean): Promise<void> {
    const { controls } = this.target;
    const { restart, reset } = controls;
    if (this.#mustRevive) {
      const patient = { context: this.#context(undefined), controls, random: this.random };
      await revive(patient, USUAL_REVIVAL, stopped);
      this.#mustRevive = false;
    } else if (restart !== undefined && !this.#isRestartSlow) {
      const startedAt = performance.now();
      await restart();
      this.#isRestartSlow = performance.now() - startedAt > SLOW_RESTART_MS;
    }
    await reset?.();
  }

  /** It must be brought back before it is asked again. */
  get isDown(): boolean {
    return this.#mustRevive;
  }

  #context(observer: ConnectionObserver | undefined): RunContext {
    const { learned } = this;
    return {
      ...{ ...learned, patience: undefined, timeoutMs: this.#aloneMs },
      ...{ segmentPauseMs: SEGMENT_PAUSE_MS, observer },
    };
  }

  /** Holds a conversation, nothing else under way. */
  alone(cases: readonly FuzzCase[], holding: Holding = {}): Promise<Observation> {
    return this.#hold(cases, this.#context(holding.observer), { watch: new LeakWatch(), ...holding });
  }

  /** Holds a conversation beside others. */
  beside(cases: readonly FuzzCase[], holding: Holding = {}): Promise<Observation> {
    return this.#hold(cases, this.learned, { watch: this.#watch, ...holding });
  }

  async #hold(
    cases: readonly FuzzCase[],
    context: RunContext,
    { count, counters = false, watch = this.#watch }: Holding,
  ): Promise<Observation> {
    const { controls } = this.target;
    const before = counters ? await this.#counters() : {};
    const own = { ...this.own };
    const steps: Seen[][] = [];
    const violations: Violation[] = [];
    let isSuspicious = false;
    this.held++;
    const witness = (witnessed: Witnessed): void => void steps.at(-1)!.push(seenOf(witnessed, own));
    const trace = { begins: (): void => void steps.push([]), add: nothing, took: nothing };
    const tools = { context: { ...context, witness }, controls, watch, coverage: this.coverage, trace };
    for (const one of cases) {
      const behind = steps.length + one.steps.length + 1;
      const result = await runCase(one, count === undefined ? tools : { ...tools, count });
      // What is put together beforehand is counted by the host, and unknown to who judges.
      const isWhole = one.steps.some((step) => step.kind === 'raw' && step.bytes.length >= REQUEST_SIZE);
      violations.push(...result.violations.filter(({ oracle }) => oracle !== 'count' || !isWhole));
      isSuspicious ||= result.suspicious;
      if (result.unreachable) (steps.at(-1) ?? first(steps)).push(UNREACHABLE);
      while (steps.length < behind) steps.push([]);
      if (result.unreachable) break;
    }
    const life = isSuspicious ? await this.#life(context) : null;
    return { steps, violations, life, counters: counters ? since(before, await this.#counters()) : {} };
  }

  async #life(context: RunContext): Promise<Life> {
    const life = await checkLiveness(
      { ...context, patience: undefined, observer: undefined },
      this.random,
      1,
    );
    this.#mustRevive = life === 'gone' || life === 'silent';
    return life;
  }

  async #counters(): Promise<HostCounters> {
    if (this.#mustRevive || this.target.controls.observe === undefined) return {};
    return this.target.controls.observe();
  }
}

/** What it says that it requires and counts now, and by how much its totals grew. */
function since(before: HostCounters, now: HostCounters): Observation['counters'] {
  const counted = Object.entries(now).map(([name, value]) => {
    const isLevel = name === 'currentCount' || name === 'requiredClientCount';
    return [name, isLevel ? value : value - (before[name as CounterName] ?? 0)];
  });
  return Object.fromEntries(counted) as Observation['counters'];
}

const nothing = (): void => {};
const UNREACHABLE: Seen = { on: -1, kind: 'no connection', fields: {}, tookMs: 0 };

function first(steps: Seen[][]): Seen[] {
  const step: Seen[] = [];
  steps.push(step);
  return step;
}
