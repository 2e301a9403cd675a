import type { ConnectionObserver } from '../client';
import { CASE_LEVELS } from './case';
import { caseArbitrary } from './generate/case-arbitrary';
import { CaseSource } from './generate/case-source';
import { NO_CORPUS, readCorpus } from './generate/corpus';
import type { CoverageCounts } from './judge/coverage';
import type { RunContext } from './conduct/capabilities';
import { type Finding, FindingBook } from './findings/finding';
import { saveFinding } from './findings/findings-folder';
import { Gate } from './conduct/gate';
import { learnCapabilities } from './conduct/probe';
import { TargetDied } from './findings/reproduce';
import { Random } from '../random';
import { openTarget, type Target } from '../target';
import { FuzzSession } from './conduct/session';
import { type CampaignSettings, indexOf, isExclusive, type TargetSettings } from './settings';

/** Cases that are run, written down and never run again, all at once. */
export interface BlockResult {
  readonly cases: number;
  /** False where it was broken off: it is to be run again. */
  readonly isWhole: boolean;
  readonly coverage: CoverageCounts;
  /** New in this worker. */
  readonly findings: readonly Finding[];
  /** Cases that showed a finding, new ones too, by its id. */
  readonly hits: Readonly<Record<string, number>>;
  /** Deadlines that passed once and not again. */
  readonly unconfirmed: readonly string[];
  /** Capabilities of the target that the user should know of. */
  readonly notes: readonly string[];
  /** Why no further case can be run: the host died and did not come back. */
  readonly died: string | null;
}

/** Runs blocks of cases: in this thread, or in one of its own. */
export interface CampaignWorker {
  /**
   * @param from number of the first case within the shard
   * @param known findings that others made meanwhile
   * @throws HostFailure
   */
  run(from: number, count: number, known: readonly Finding[]): Promise<BlockResult>;
  /** Ends the block that is under way as soon as its cases are through. */
  stop(): void;
  close(): Promise<void>;
}

/** Deadline for telling silence while shrinking: a hundred usual answers, as far as the campaign's own deadline allows. */
const SHRINK_LATENCIES = 100;
const MIN_SHRINK_TIMEOUT_MS = 400;

export function targetOf(
  settings: TargetSettings,
  seed: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Target> {
  return openTarget({
    address: settings.address ?? undefined,
    allowRemote: settings.allowRemote,
    profile: settings.profile,
    keyGroup: settings.keyGroup ?? undefined,
    controls: settings.controls,
    controlsFolder: settings.controlsFolder,
    macKey: settings.macKey ?? undefined,
    timeoutMs,
    signal,
    lab: { seed, ...settings.lab },
  });
}

/** Who may interrupt a worker, who hears of its connections, and who else has its target. */
export interface Surroundings {
  readonly signal?: AbortSignal | undefined;
  readonly observer?: ConnectionObserver | undefined;
  /** Memory of the gate that workers with the same target have in common. */
  readonly gate?: SharedArrayBuffer | undefined;
}

/** A worker in this thread. */
export class LocalWorker implements CampaignWorker {
  #stopped = false;
  readonly #findings: Finding[] = [];
  readonly #unconfirmed: string[] = [];
  #hitsBefore = new Map<string, number>();

  private constructor(
    private readonly settings: CampaignSettings,
    private readonly target: Target,
    private readonly session: FuzzSession,
    private readonly book: FindingBook,
    private readonly notes: readonly string[],
    sinks: { finding: (finding: Finding) => void; unconfirmed: (what: string) => void },
  ) {
    sinks.finding = (finding) => {
      this.#findings.push(finding);
      if (settings.stopOnFinding) this.#stopped = true;
    };
    sinks.unconfirmed = (what) => this.#unconfirmed.push(what);
  }

  /** Opens the target and finds out what it can. @throws HostFailure, UsageError, CaptureError */
  static async open(
    settings: CampaignSettings,
    { signal, observer, gate }: Surroundings = {},
  ): Promise<LocalWorker> {
    const corpus = settings.corpus === null ? NO_CORPUS : await readCorpus(settings.corpus);
    const target = await targetOf(settings.target, settings.seed, settings.timeoutMs, signal);
    try {
      const random = new Random(settings.seed).fork('reproduce');
      const { endpoint, profile, mac, clock } = target;
      // An interruption lets the cases under way end: cut off, they would tell nothing of the host.
      const base = { endpoint, profile, mac, timeoutMs: settings.timeoutMs, observer };
      const startedAt = performance.now();
      const capabilities = await learnCapabilities(base, random, clock.now());
      const latencyMs = (performance.now() - startedAt) / 10;
      const context: RunContext = { ...base, capabilities };
      const book = new FindingBook();
      const sinks = { finding: (_: Finding) => {}, unconfirmed: (_: string) => {} };
      const arbitrary = caseArbitrary({ levels: levelsFor(settings, target), corpus });
      const session = new FuzzSession(new CaseSource(arbitrary, settings.seed), {
        context,
        controls: target.controls,
        random,
        book,
        lanes: capabilities.grantsAnyApplication ? settings.lanes : 1,
        connections: settings.connections,
        exclusive: isExclusive(settings),
        gate: gate === undefined ? undefined : new Gate(gate),
        shrinkTimeoutMs: Math.min(
          settings.timeoutMs,
          Math.max(MIN_SHRINK_TIMEOUT_MS, SHRINK_LATENCIES * latencyMs),
        ),
        onFinding: async (finding) => {
          if (settings.out !== null)
            await saveFinding(settings.out, finding, {
              context,
              target,
              random,
              targetArguments: settings.target.arguments,
            });
          sinks.finding(finding);
        },
        onUnconfirmed: ({ message }) => sinks.unconfirmed(message),
      });
      return new LocalWorker(settings, target, session, book, notesOn(context, target, settings), sinks);
    } catch (error) {
      await target.close();
      throw error;
    }
  }

  async run(from: number, count: number, known: readonly Finding[]): Promise<BlockResult> {
    for (const finding of known) this.book.add(finding, 0);
    const indices = Array.from({ length: count }, (_, i) => indexOf(this.settings, from + i));
    const died = await this.#runOrDie(indices);
    return {
      cases: this.session.takeCases(),
      isWhole: !this.#stopped && died === null,
      died,
      coverage: this.session.coverage.take(),
      findings: this.#findings.splice(0),
      hits: this.#takeHits(),
      unconfirmed: this.#unconfirmed.splice(0),
      notes: this.notes,
    };
  }

  async #runOrDie(indices: readonly number[]): Promise<string | null> {
    try {
      await this.session.run(indices, () => this.#stopped);
      return null;
    } catch (error) {
      // Whoever is stopped hears nothing of the host either: that says nothing of its life.
      if (error instanceof TargetDied) return this.#stopped ? null : error.message;
      throw error;
    }
  }

  #takeHits(): Record<string, number> {
    const now = new Map(this.book.all.map(({ finding, cases }) => [finding.id, cases]));
    const fresh = [...now].map(([id, cases]) => [id, cases - (this.#hitsBefore.get(id) ?? 0)] as const);
    this.#hitsBefore = now;
    return Object.fromEntries(fresh.filter(([, cases]) => cases > 0));
  }

  stop(): void {
    this.#stopped = true;
  }

  async close(): Promise<void> {
    this.session.close();
    await this.target.close();
  }
}

/** Cases that restart the host or set its clock need both controls, and the host for themselves. */
function levelsFor(settings: CampaignSettings, { controls }: Target): CampaignSettings['levels'] {
  const canControl =
    isExclusive(settings) && controls.restart !== undefined && controls.advanceClock !== undefined;
  return CASE_LEVELS.filter(
    (level) => settings.levels.includes(level) && (level !== 'control' || canControl),
  );
}

function notesOn({ capabilities }: RunContext, { controls }: Target, settings: CampaignSettings): string[] {
  const notes: string[] = [];
  if (!capabilities.grantsAnyApplication) {
    const judged =
      controls.reset !== undefined && isExclusive(settings)
        ? 'the host is reset before each'
        : 'counts are not judged, as it cannot be reset';
    notes.push(`the host grants no application but its own: cases run one at a time, and ${judged}`);
  }
  if (controls.restart === undefined)
    notes.push(
      'there is no control to restart the host: a death ends the campaign unless it comes back by itself',
    );
  return notes;
}
