import type { CaseSource } from '../generate/case-source';
import { WINDOWS } from './capabilities';
import type { FuzzCase } from '../case';
import { CaseCount } from '../judge/case-count';
import { CoverageTable } from '../judge/coverage';
import { Dialogue } from './dialogue';
import { Gate } from './gate';
import { type Incident, Investigation, type InvestigationOptions } from '../findings/investigation';
import { LeakWatch } from '../judge/leak-watch';
import { type CaseResult, isSingleCall, runCase } from './run-case';

export interface SessionOptions extends InvestigationOptions {
  /** Cases that run at the same time. */
  readonly lanes: number;
  /** Single calls go over a connection that each lane keeps, or over one each. */
  readonly connections: 'kept' | 'each';
  /** Nobody else uses the target: it may be reset and its clock set. */
  readonly exclusive: boolean;
  /** That of all sessions which share the target. */
  readonly gate?: Gate | undefined;
}

/** Cases that may have to do with what a later one shows. */
const REMEMBERED = 64;
/** A host that counts for every new application is emptied now and then, where that can be done. */
const CASES_TO_RESET = 5000;

/** Runs cases of a seed against one target, in lanes side by side; what looks wrong is looked at alone. */
export class FuzzSession {
  readonly coverage = new CoverageTable();
  readonly #watch = new LeakWatch();
  readonly #kept: (Dialogue | null)[];
  readonly #recent: number[] = [];
  readonly #investigation: Investigation;
  readonly #gate: Gate;
  #sinceReset = 0;
  #cases = 0;

  constructor(
    private readonly source: CaseSource,
    private readonly options: SessionOptions,
  ) {
    this.#kept = Array.from({ length: options.lanes }, () => null);
    this.#investigation = new Investigation(source, options);
    this.#gate = options.gate ?? new Gate();
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
  async run(indices: readonly number[], stopped: () => boolean = () => false): Promise<void> {
    const alone: number[] = [];
    let at = 0;
    while (at < indices.length && !stopped()) {
      const incidents: Incident[] = [];
      const looks = this.#gate.looks;
      const isDue = (): boolean =>
        at < indices.length && incidents.length === 0 && !stopped() && !this.#gate.wanted;
      const lane = async (number: number): Promise<void> => {
        while (isDue()) {
          const index = indices[at++]!;
          const fuzzCase = this.source.caseOf(index);
          if (fuzzCase.level === 'control') alone.push(index);
          else await this.#runIn(number, index, fuzzCase, incidents);
        }
      };
      await this.#gate.among(() => Promise.all(this.#kept.map((_, number) => lane(number))));
      await this.#look(incidents, looks, stopped);
      await this.#resetNowAndThen();
    }
    for (const index of alone) if (!stopped()) await this.#runAlone(index, stopped);
  }

  async #runIn(lane: number, index: number, fuzzCase: FuzzCase, incidents: Incident[]): Promise<void> {
    this.#remember(index);
    const kept = this.#keepsFor(fuzzCase) ? await this.#keptOf(lane) : null;
    const result = await this.#runCase(fuzzCase, kept);
    if (kept !== null && !kept.usable) {
      // The host has ended its side alone: the socket is released here.
      kept.drop('fin');
      this.#kept[lane] = null;
    }
    if (isIncident(result)) incidents.push({ index, result });
  }

  #keepsFor(fuzzCase: FuzzCase): boolean {
    const { connections, context } = this.options;
    return connections === 'kept' && context.capabilities.keepsConnections && isSingleCall(fuzzCase);
  }

  /** The connection of a lane; null where the host cannot be connected to, which the case will tell. */
  async #keptOf(lane: number): Promise<Dialogue | null> {
    const open = this.#kept[lane];
    if (open?.usable === true) return open;
    open?.drop('fin');
    try {
      return (this.#kept[lane] = await Dialogue.open(this.options.context));
    } catch {
      return (this.#kept[lane] = null);
    }
  }

  async #runCase(fuzzCase: FuzzCase, kept: Dialogue | null): Promise<CaseResult> {
    const { context, controls } = this.options;
    const tools = { context, controls, watch: this.#watch, coverage: this.coverage };
    if (context.capabilities.grantsAnyApplication) return runCase(fuzzCase, tools, kept);
    const canReset = controls.reset !== undefined && this.options.exclusive;
    if (canReset) await controls.reset?.();
    const shared = { ...fuzzCase, applications: [WINDOWS, WINDOWS] as const };
    return runCase(shared, { ...tools, count: canReset ? new CaseCount(context.profile) : null }, kept);
  }

  /** Restarts and set clocks are felt by every connection. */
  async #runAlone(index: number, stopped: () => boolean): Promise<void> {
    this.#dropKept();
    this.#remember(index);
    const looks = this.#gate.looks;
    const result = await this.#runCase(this.source.caseOf(index), null);
    if (isIncident(result)) await this.#look([{ index, result }], looks, stopped);
  }

  #remember(index: number): void {
    this.#recent.push(index);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    this.#sinceReset++;
    this.#cases++;
  }

  async #resetNowAndThen(): Promise<void> {
    const { controls, exclusive } = this.options;
    if (this.#sinceReset < CASES_TO_RESET || !exclusive || controls.reset === undefined) return;
    this.#sinceReset = 0;
    await controls.reset();
  }

  /** @param looks of the gate, when the cases were begun */
  async #look(incidents: readonly Incident[], looks: number, stopped: () => boolean): Promise<void> {
    if (incidents.length === 0) return;
    this.#dropKept();
    await this.#gate.alone(() => {
      const disturbed = this.#gate.looks !== looks;
      return this.#investigation.look(incidents, { recent: [...this.#recent], disturbed, stopped });
    });
  }

  #dropKept(): void {
    for (const [lane, dialogue] of this.#kept.entries()) {
      dialogue?.drop('fin');
      this.#kept[lane] = null;
    }
  }

  close(): void {
    this.#dropKept();
  }
}

const isIncident = ({ violations, suspicious }: CaseResult): boolean => violations.length > 0 || suspicious;
