import { type ConnectionObserver, type Endpoint, HostFailure } from '../../client';
import type { BlockResult, CampaignWorker } from './campaign-worker';
import { caseArbitrary } from '../../cases/generate/case-arbitrary';
import { openSource } from './feedback/open-feedback';
import { NO_CORPUS, readCorpus } from '../../cases/generate/corpus';
import type { RunContext } from '../../cases/conduct/capabilities';
import { askedByOthers } from './findings/asked-by-others';
import { type Finding, FindingBook } from './findings/finding';
import { saveFinding } from './findings/findings-folder';
import { Gate } from './conduct/gate';
import { type Assumption, assumptionsOf, learnManners } from './conduct/assumptions';
import { findRun } from '../../cases/conduct/find-run';
import { learnCapabilities } from '../../cases/conduct/probe';
import { lanesFor, learnPace, moreLanesFor } from '../../cases/conduct/pace';
import { Patience } from '../../cases/conduct/patience';
import { TargetDied, USUAL_REVIVAL } from '../../cases/conduct/revive';
import { LocalLimits, notSufficient } from '../../support/local-limits';
import { Random } from '../../support/random';
import type { Target } from '../../target';
import { targetOf } from './target-of';
import { triedAgain } from './tried-again';
import { FuzzSession } from './conduct/session';
import { countsJudged, levelsFor, notesOn } from './scope';
import { type CampaignSettings, indexOf, isExclusive } from './settings';

/** Deadline for telling silence while shrinking: a hundred usual answers, as far as the campaign's own deadline allows. */
const SHRINK_LATENCIES = 100;
const MIN_SHRINK_TIMEOUT_MS = 400;
/** Behind a stop, cases under way and tries have so long to end by themselves; what is saved then has as long again. */
const GRACE_MS = 600;

const interrupted = (endpoint: Endpoint): HostFailure =>
  new HostFailure({
    kind: 'interrupted',
    stage: 'answer',
    endpoint,
    what: 'was not waited for: interrupted',
  });

/** Who may interrupt a worker, who hears of its connections, and who else has its target. */
export interface WorkerContext {
  readonly signal?: AbortSignal | undefined;
  readonly observer?: ConnectionObserver | undefined;
  /** Memory of the gate that workers with the same target have in common. */
  readonly gate?: SharedArrayBuffer | undefined;
  /** Hears what the user should know at once, such as that a host is waited for. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** Where a session tells what it has found. */
interface Sinks {
  finding: (finding: Finding) => void;
  unconfirmed: (what: string) => void;
  /** A finding that cannot be written into the folder. */
  unsaved: (what: string) => void;
}

/** A worker in this thread. */
export class LocalWorker implements CampaignWorker {
  #stopped = false;
  #graces: NodeJS.Timeout[] = [];
  readonly #findings: Finding[] = [];
  readonly #unconfirmed: string[] = [];
  readonly #unsaved: string[] = [];
  #isOpened = false;
  #hitsBefore = new Map<string, number>();

  private constructor(
    private readonly settings: CampaignSettings,
    private readonly target: Target,
    private readonly session: FuzzSession,
    private readonly book: FindingBook,
    private readonly notes: readonly string[],
    private readonly controlNotes: readonly string[],
    private readonly assumptions: readonly Assumption[],
    sinks: Sinks,
    private readonly cuts: readonly AbortController[],
    private readonly limits: LocalLimits,
  ) {
    const { stopOnFinding, decidingClauses } = settings;
    sinks.finding = (finding) => {
      this.#findings.push(finding);
      if (stopOnFinding && (decidingClauses?.includes(finding.clause) ?? true)) this.#stopped = true;
    };
    sinks.unsaved = (what) => this.#unsaved.push(what);
    sinks.unconfirmed = (what) => this.#unconfirmed.push(what);
  }

  /** Opens the target and finds out what it can. @throws HostFailure, UsageError, CaptureError */
  static async open(
    settings: CampaignSettings,
    { signal, observer, gate, onNotice }: WorkerContext = {},
  ): Promise<LocalWorker> {
    const limits = new LocalLimits();
    const corpus = settings.corpus === null ? NO_CORPUS : await readCorpus(settings.corpus, signal);
    const target = await targetOf(settings.target, settings.seed, settings.timeoutMs, signal);
    try {
      const asking = new Random(settings.seed).fork('reproduce');
      const { endpoint, profile, mac, clock } = target;
      const controlNotes: string[] = [];
      const controls = triedAgain(target.controls, (text) => controlNotes.push(text));
      // A stop lets the cases under way end, for a while: cut off, they tell nothing of the host.
      const cuts = [new AbortController(), new AbortController()] as const;
      const { timeoutMs } = settings;
      // Before the first case there are none to let end.
      const cut = (): void => cuts.forEach((one) => one.abort());
      signal?.addEventListener('abort', cut);
      const base = { endpoint, profile, mac, timeoutMs, observer, signal: cuts[0].signal };
      const capabilities = await learnCapabilities(base, asking, clock.now());
      const pace = await learnPace({ ...base, capabilities }, asking);
      const patience = new Patience(timeoutMs, pace.answerMs);
      const context: RunContext = { ...base, capabilities, patience };
      const runs = capabilities.countsApplicationsApart
        ? await findRun(context, settings.seed, clock.now())
        : 0;
      // What was asked in the runs before is not asked again, nor by those who look at what was found.
      const random = runs === 0 ? asking : asking.fork(`run ${runs}`);
      const canReset = target.controls.reset !== undefined && isExclusive(settings);
      const shrinkTimeoutMs = Math.min(
        timeoutMs,
        Math.max(MIN_SHRINK_TIMEOUT_MS, SHRINK_LATENCIES * pace.answerMs),
      );
      const judgesCounts = countsJudged(target.controls, settings);
      const assumptions = [
        ...assumptionsOf(context, { judgesCounts, answerMs: pace.answerMs }),
        ...(await learnManners(context, random, pace.answerMs)),
      ];
      const book = new FindingBook();
      const sinks: Sinks = {
        finding: (_: Finding) => {},
        unconfirmed: (_: string) => {},
        unsaved: (_: string) => {},
      };
      const arbitrary = caseArbitrary({ levels: levelsFor(settings, target), corpus });
      const { source, feedback } = openSource(arbitrary, settings, target.controls, runs);
      const isOneByOne =
        settings.feedback === 'coverage' || (!capabilities.countsApplicationsApart && canReset);
      const session = new FuzzSession(source, {
        context,
        feedback,
        controls,
        random,
        book,
        lanes: isOneByOne ? 1 : (settings.lanes ?? lanesFor(pace, timeoutMs)),
        moreLanes: isOneByOne || settings.lanes !== null ? 0 : moreLanesFor(pace),
        connections: pace.servesSeveral ? settings.connections : 'each',
        looksBeside: settings.target.address !== null && capabilities.countsApplicationsApart,
        cut: cuts[0].signal,
        exclusive: isExclusive(settings),
        gate: gate === undefined ? undefined : new Gate(gate),
        shrinkTimeoutMs,
        revival: { ...USUAL_REVIVAL, ...settings.waitForHost, tell: onNotice },
        onFinding: async (finding) => {
          if (limits.met.length > 0)
            return sinks.unconfirmed(`${finding.message} (${notSufficient(limits.met)})`);
          const others = await askedByOthers(finding, { ...context, signal: cuts[1].signal }, random);
          if (others !== null) return sinks.unconfirmed(`${finding.message} (${others})`);
          sinks.finding(finding);
          if (settings.out === null) return;
          const saving = {
            ...context,
            patience: undefined,
            timeoutMs: shrinkTimeoutMs,
            signal: cuts[1].signal,
          };
          const targetArguments = settings.target.arguments;
          try {
            await saveFinding(settings.out, finding, { context: saving, target, random, targetArguments });
          } catch (error) {
            // It stays in the journal and in the report.
            if (error instanceof TargetDied) throw error;
            sinks.unsaved(`the finding ${finding.id} could not be saved (${(error as Error).message})`);
          }
        },
        onUnconfirmed: ({ message }) => sinks.unconfirmed(message),
      });
      signal?.removeEventListener('abort', cut);
      return new LocalWorker(
        settings,
        target,
        session,
        book,
        notesOn(context, target, settings),
        controlNotes,
        assumptions,
        sinks,
        cuts,
        limits,
      );
    } catch (error) {
      await target.close();
      // Whoever is interrupted hears nothing of the host: that is not its fault.
      throw signal?.aborted === true ? interrupted(target.endpoint) : error;
    }
  }

  async run(from: number, count: number, known: readonly Finding[]): Promise<BlockResult> {
    for (const finding of known) this.book.add(finding, 0);
    const indices = Array.from({ length: count }, (_, i) => indexOf(this.settings, from + i));
    const { died, failed } = await this.#runOrEnd(indices);
    return {
      cases: this.session.takeCases(),
      isWhole: !this.#stopped && this.limits.met.length === 0 && died === null && failed === null,
      ...{ died, failed },
      coverage: this.session.coverage.take(),
      remarks: this.session.coverage.takeRemarks(),
      findings: this.#findings.splice(0),
      hits: this.#takeHits(),
      unconfirmed: this.#unconfirmed.splice(0),
      notes: [...this.notes, ...this.controlNotes, ...this.#unsaved],
      assumptions: this.assumptions,
    };
  }

  async #runOrEnd(indices: readonly number[]): Promise<Pick<BlockResult, 'died' | 'failed'>> {
    try {
      // Behind a limit of this machine nothing is judged.
      const stopped = (): boolean => this.#stopped || this.limits.met.length > 0;
      const isOpened = this.#isOpened;
      this.#isOpened = true;
      if (isOpened) await this.session.run(indices, stopped);
      else await this.session.runOpening(stopped, indices);
      return { died: null, failed: null };
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof TargetDied)) return { died: null, failed: message };
      // Whoever is stopped hears nothing of the host either: that says nothing of its life.
      return { died: this.#stopped ? null : message, failed: null };
    }
  }

  #takeHits(): Record<string, number> {
    const now = new Map(this.book.all.map(({ finding, cases }) => [finding.id, cases]));
    const fresh = [...now].map(([id, cases]) => [id, cases - (this.#hitsBefore.get(id) ?? 0)] as const);
    this.#hitsBefore = now;
    return Object.fromEntries(fresh.filter(([, cases]) => cases > 0));
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#graces = this.cuts.map((cut, i) => setTimeout(() => cut.abort(), (i + 1) * GRACE_MS).unref());
  }

  async close(): Promise<void> {
    for (const grace of this.#graces) clearTimeout(grace);
    this.session.close();
    await this.target.close();
  }
}
