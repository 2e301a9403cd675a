import { asksOwnApplicationOnly, OPENING_CASES } from '../../../cases/generate/opening-cases';
import type { CaseSource } from '../../../cases/generate/case-source';
import type { AnswerTrace } from '../feedback/answer-trace';
import type { Feedback } from '../feedback/feedback';
import { WINDOWS } from '../../../cases/conduct/capabilities';
import { type FuzzCase, requestsOf } from '../../../cases/case';
import { CaseCount } from '../../../cases/judge/case-count';
import { CoverageTable } from '../../../cases/judge/coverage';
import type { CaseConnection } from '../../../cases/conduct/case-connection';
import { Gate } from './gate';
import { type Incident, Investigation, type InvestigationOptions } from '../findings/investigation';
import { LooksBeside } from '../findings/looks-beside';
import { groupOf } from '../../../cases/judge/violation';
import { KeptConnections } from './kept-connections';
import { isAnswering, Pulse } from './pulse';
import { LeakWatch } from '../../../cases/judge/leak-watch';
import { mayBeCounted } from '../../../cases/conduct/may-be-counted';
import { Turns } from '../../../support/turns';
import { Lanes } from './lanes';
import { type CaseResult, isSingleCall, runCase } from '../../../cases/conduct/run-case';

export interface SessionOptions extends InvestigationOptions {
  /** Cases that run at the same time. */
  readonly lanes: number;
  /** So many more at most, while as many wait for a host that says nothing: none by default. */
  readonly moreLanes?: number;
  /** Single calls go over a connection that each lane keeps, or over one each. */
  readonly connections: 'kept' | 'each';
  /** Nobody else uses the target: it may be reset and its clock set. */
  readonly exclusive: boolean;
  /** That of all sessions which share the target. */
  readonly gate?: Gate | undefined;
  /** Has cases decide about those to come. */
  readonly feedback?: Feedback | undefined;
  /** What cases meet is looked at while others go on, where the host is not restarted between tries. */
  readonly looksBeside?: boolean;
}

/** Cases that may have to do with what a later one shows. */
const REMEMBERED = 64;
/** A case that is over later than that is one of many requests, or of a slow host. */
const SLOW_MS = 40;
/** A host that counts for every new application is emptied now and then, where that can be done. */
const CASES_TO_RESET = 5000;

/** Runs cases of a seed against one target, in lanes side by side; what looks wrong is looked at alone. */
export class FuzzSession {
  readonly coverage = new CoverageTable();
  readonly #watch = new LeakWatch();
  readonly #kept: KeptConnections;
  readonly #lanes: Lanes;
  readonly #atATime: number;
  readonly #recent: number[] = [];
  readonly #investigation: Investigation;
  readonly #gate: Gate;
  /** Of a host that counts all applications together, and is not reset: what it may hold, from case to case. */
  readonly #oneTable: CaseCount;
  readonly #turns = new Turns();
  readonly #pulse: Pulse;
  /** What cases met that all must stop for. */
  readonly #incidents: Incident[] = [];
  readonly #besides: LooksBeside;
  #sinceReset = 0;
  #cases = 0;

  constructor(
    private readonly source: CaseSource,
    private readonly options: SessionOptions,
  ) {
    const { lanes, moreLanes: more = 0, context } = options;
    this.#atATime = lanes + more;
    this.#kept = new KeptConnections(this.#atATime, context);
    this.#lanes = new Lanes({ lanes, more, longMs: () => context.patience?.longMs ?? Infinity });
    this.#investigation = new Investigation(source, { ...options, lanes: this.#atATime });
    this.#besides = new LooksBeside(this.#investigation, (incident) => this.#incidents.push(incident));
    this.#gate = options.gate ?? new Gate();
    this.#oneTable = new CaseCount(context.profile, 'what it was found with', {
      nowMs: () => performance.now(),
      afterMs: () => context.patience?.usualMs ?? context.timeoutMs,
    });
    this.#pulse = new Pulse(() => this.#answers());
  }

  /** Cases that were run since the last time. */
  takeCases(): number {
    const cases = this.#cases;
    this.#cases = 0;
    return cases;
  }

  /**
   * Runs the cases of these indices; findings are told as they are made.
   * @throws TargetDied where the host is gone for good
   */
  async run(block: readonly number[], stopped: () => boolean = () => false): Promise<void> {
    const indices = this.#longestFirst(block);
    const alone: number[] = [];
    let at = 0;
    while (at < indices.length && !stopped()) {
      const round = { looks: this.#gate.looks, stopped };
      const isDue = (): boolean =>
        at < indices.length && this.#incidents.length === 0 && !stopped() && !this.#gate.wanted;
      const one = async (lane: number): Promise<void> => {
        const index = indices[at++]!;
        const fuzzCase = this.source.next(index);
        if (fuzzCase.level === 'control') alone.push(index);
        else await this.#runIn(lane, index, fuzzCase, round);
      };
      await this.#gate.among(() => this.#lanes.run(isDue, one));
      // What is looked at beside the cases of a block is part of it.
      if (at >= indices.length || stopped()) await this.#besides.done;
      await this.#look(this.#incidents.splice(0), round);
      await this.#resetNowAndThen();
    }
    for (const index of alone) if (!stopped()) await this.#runAlone(index, stopped);
  }

  /**
   * Runs the cases that every campaign begins with, nothing else under way; those that no other has a part in go beside the first of the seed.
   * @throws TargetDied where the host is gone for good
   */
  async runOpening(stopped: () => boolean = () => false, firstOfSeed: readonly number[] = []): Promise<void> {
    const { looks } = this.#gate;
    const incidents: Incident[] = [];
    const { countsApplicationsApart } = this.options.context.capabilities;
    const isBeside = (index: number): boolean =>
      countsApplicationsApart && asksOwnApplicationOnly(this.source.caseOf(index));
    const indices = OPENING_CASES.map((_, i) => -1 - i);
    await this.#gate.alone(async () => {
      for (const index of indices.filter((each) => !isBeside(each))) {
        if (stopped()) return;
        const result = await this.#runCase(this.source.caseOf(index), null);
        if (this.#isIncident(result)) incidents.push({ index, result });
      }
    });
    await this.#look(incidents, { looks: looks + 1, stopped });
    await this.run([...indices.filter(isBeside), ...firstOfSeed], stopped);
  }

  /** Where a host takes its time, what has most requests is begun first: a block is over when the last of it is. */
  #longestFirst(indices: readonly number[]): readonly number[] {
    const { feedback, context } = this.options;
    if (feedback !== undefined || (context.patience?.longMs ?? 0) < SLOW_MS) return indices;
    const requests = new Map(indices.map((index) => [index, requestsOf([this.source.caseOf(index)])]));
    return [...indices].sort((a, b) => requests.get(b)! - requests.get(a)!);
  }

  async #runIn(lane: number, index: number, fuzzCase: FuzzCase, round: Round): Promise<void> {
    this.#remember(index);
    const kept = this.#keepsFor(fuzzCase) ? await this.#kept.of(lane, index) : null;
    const result = await this.#runCase(fuzzCase, kept);
    const chain = kept !== null && this.#isIncident(result) ? this.#kept.casesOf(lane) : [];
    // The host has ended its side alone: the socket is released here.
    if (kept !== null && !kept.usable) this.#kept.drop(lane);
    if (!this.#isIncident(result)) return;
    const incident = { index, result, chain };
    if (!(await this.#isExplained(fuzzCase, incident))) this.#meet(incident, round);
  }

  /** The host lives, and all that is wrong with it here is known: nobody need stop for it. */
  async #isExplained(
    fuzzCase: FuzzCase,
    { result: { violations, suspicious }, chain = [] }: Incident,
  ): Promise<boolean> {
    if (suspicious && !(await this.#pulse.check())) return false;
    if (violations.length === 0) return true;
    const { book } = this.options;
    const casesOf = (indices: readonly number[]): readonly FuzzCase[] =>
      indices.map((index) => this.source.caseOf(index));
    const before = { recent: casesOf(this.#recent), chain: casesOf(chain) };
    const known = [...new Map(violations.map((found) => [groupOf(found), found])).values()].map((found) =>
      book.known(found, [fuzzCase], before),
    );
    if (known.includes(null)) return false;
    for (const finding of known) book.add(finding!);
    return true;
  }

  /** Who asks whether the host lives is counted too, where there is one table. */
  #answers(): Promise<boolean> {
    const { context, random } = this.options;
    if (context.capabilities.countsApplicationsApart) return isAnswering(context, random);
    return this.#turns.take(() => isAnswering(context, random).finally(() => this.#oneTable.forget()));
  }

  /** Where cases can go on meanwhile, they do. */
  #meet(incident: Incident, { looks, stopped }: Round): void {
    const { result } = incident;
    if (this.options.looksBeside !== true || result.unreachable || result.violations.length === 0)
      return void this.#incidents.push(incident);
    const isDisturbed = (): boolean => this.#gate.wanted || this.#gate.looks !== looks;
    const at = { recent: [...this.#recent], disturbed: false, stopped, beside: isDisturbed };
    this.#besides.add(incident, at);
  }

  #keepsFor(fuzzCase: FuzzCase): boolean {
    const { connections, context } = this.options;
    return connections === 'kept' && context.capabilities.keepsConnections && isSingleCall(fuzzCase);
  }

  #runCase(fuzzCase: FuzzCase, kept: CaseConnection | null): Promise<CaseResult> {
    const { feedback } = this.options;
    if (feedback === undefined) return this.#conduct(fuzzCase, kept);
    return feedback.observe(fuzzCase, (trace) => this.#conduct(fuzzCase, kept, trace));
  }

  async #conduct(fuzzCase: FuzzCase, kept: CaseConnection | null, trace?: AnswerTrace): Promise<CaseResult> {
    const { context, controls } = this.options;
    const tools = { context, controls, watch: this.#watch, coverage: this.coverage, trace };
    if (context.capabilities.countsApplicationsApart) return runCase(fuzzCase, tools, kept);
    const shared = { ...fuzzCase, applications: [WINDOWS, WINDOWS] as const };
    const { exclusive } = this.options;
    if (controls.reset !== undefined && exclusive) {
      await controls.reset();
      return runCase(shared, { ...tools, count: new CaseCount(context.profile) }, kept);
    }
    // Others count in the same table meanwhile, or nothing of the case is counted.
    if (!exclusive || !mayBeCounted(shared)) return runCase(shared, { ...tools, count: null }, kept);
    return runCase(shared, { ...tools, count: this.#oneTable, turns: this.#turns }, kept);
  }

  /** Restarts and set clocks are felt by every connection. */
  async #runAlone(index: number, stopped: () => boolean): Promise<void> {
    this.#kept.dropAll();
    this.#remember(index);
    const round = { looks: this.#gate.looks, stopped };
    const result = await this.#runCase(this.source.caseOf(index), null);
    if (this.#isIncident(result)) await this.#look([{ index, result }], round);
  }

  #remember(index: number): void {
    this.#recent.push(index);
    if (this.#recent.length > Math.max(REMEMBERED, this.#atATime)) this.#recent.shift();
    this.#sinceReset++;
    // Those that every campaign begins with are none of the seed.
    if (index >= 0) this.#cases++;
  }

  async #resetNowAndThen(): Promise<void> {
    const { controls, exclusive } = this.options;
    if (this.#sinceReset < CASES_TO_RESET || !exclusive || controls.reset === undefined) return;
    this.#sinceReset = 0;
    await controls.reset();
    this.#oneTable.forget();
  }

  async #look(incidents: readonly Incident[], { looks, stopped }: Round): Promise<void> {
    if (incidents.length === 0) return;
    this.#kept.dropAll();
    await this.#gate.alone(async () => {
      await this.#besides.done;
      const disturbed = this.#gate.looks !== looks;
      return this.#investigation.look(incidents, { recent: [...this.#recent], disturbed, stopped });
    });
    this.#oneTable.forget();
  }

  /** A case that was cut off tells nothing of the host. */
  #isIncident({ violations, suspicious }: CaseResult): boolean {
    return this.options.cut?.aborted !== true && (violations.length > 0 || suspicious);
  }

  close(): void {
    this.#kept.dropAll();
  }
}

/** Cases that run side by side until one meets what all must stop for. */
interface Round {
  /** Of the gate, when they were begun. */
  readonly looks: number;
  readonly stopped: () => boolean;
}
