import type { Coverage } from '../../../reports/results/model';
import type { ConnectionObserver } from '../../client';
import type { BlockResult, CampaignWorker } from './campaign-worker';
import { CoverageTable } from '../../cases/judge/coverage';
import { type Finding, FindingBook } from './findings/finding';
import { Gate } from './conduct/gate';
import type { Journal, JournalEntry } from './journal';
import { type Progress, progressOf } from './progress';
import { LocalLimits } from '../../support/local-limits';
import { TargetDied } from '../../cases/conduct/revive';
import { casesOfShard, type CampaignSettings, isExclusive } from './settings';
import { LocalWorker } from './worker';
import { ThreadWorker } from './worker-thread';

export interface CampaignOptions {
  readonly settings: CampaignSettings;
  /** Cases in all shards together; null for no end. */
  readonly runs: number | null;
  /** How long to run; null for no end. */
  readonly milliseconds: number | null;
  /** Which finding ends the campaign; none unless told. */
  readonly stopsOn?: ((finding: Finding) => boolean) | undefined;
  readonly journal: Journal;
  readonly signal?: AbortSignal | undefined;
  /** Hears of every connection; only where there is one worker. */
  readonly observer?: ConnectionObserver | undefined;
  readonly onFinding?: (finding: Finding) => void;
  /** Hears what the user should know at once, such as that a host is waited for. */
  readonly onNotice?: (text: string) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly blockSize?: number;
}

export interface CampaignResult {
  readonly findings: readonly { readonly finding: Finding; readonly cases: number }[];
  readonly coverage: Coverage;
  /** Cases of this shard that are over. */
  readonly cases: number;
  readonly ended: 'complete' | 'interrupted' | 'target-died' | 'target-unreachable';
  readonly endedMessage: string | null;
  readonly notes: readonly string[];
  readonly unconfirmed: readonly string[];
}

const BLOCK_SIZE = 500;

/**
 * Runs a campaign: blocks of cases on one or several workers, each block written into the journal when it is over. What the journal
 * holds already is not run again.
 * @throws HostFailure, UsageError where it cannot begin
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  return new Campaign(options).run();
}

class Campaign {
  readonly #book = new FindingBook();
  readonly #limits = new LocalLimits();
  readonly #coverage = new CoverageTable();
  readonly #done: Set<number>;
  readonly #notes = new Set<string>();
  #assumptions: BlockResult['assumptions'] = [];
  readonly #unconfirmed: string[] = [];
  readonly #blockSize: number;
  readonly #startedAt = performance.now();
  readonly #total: number;
  readonly #resumed: boolean;
  #next = 0;
  #cases = 0;
  #casesNow = 0;
  #stopping = false;
  #death: string | null = null;
  /** Why it could not go on: all that was done by then is reported. */
  #failure: Error | null = null;

  constructor(private readonly options: CampaignOptions) {
    this.#blockSize = options.blockSize ?? BLOCK_SIZE;
    this.#total = options.runs === null ? Infinity : casesOfShard(options.settings, options.runs);
    const entries = this.#entriesToResume(options.journal);
    this.#done = new Set(entries.map(({ block }) => block).filter((block) => block !== null));
    for (const entry of entries) this.#take(entry);
    this.#resumed = entries.length > 0;
  }

  /** What was done of this campaign, and is not to be run again; nothing where all of it was: then it begins again. */
  #entriesToResume(journal: Journal): readonly JournalEntry[] {
    const blocks = new Set<number>();
    const entries = journal.takeEntries().map((entry) => {
      const { block, cases, findings } = entry;
      const isDone = block !== null && cases >= this.#sizeOf(block) && !blocks.has(block);
      if (isDone) blocks.add(block);
      // Of a block that was shorter then, or is there twice, only what was found counts.
      return isDone
        ? entry
        : { ...entry, block: null, cases: 0, coverage: {}, remarks: {}, findings, hits: {} };
    });
    const isFinished = blocks.size > 0 && blocks.size >= Math.ceil(this.#total / this.#blockSize);
    if (!isFinished) return entries;
    journal.beginAgain();
    this.#notes.add('this campaign was finished before, and was run again from its beginning');
    return [];
  }

  /** Cases of a block. */
  #sizeOf(block: number): number {
    return Math.min(this.#blockSize, this.#total - block * this.#blockSize);
  }

  async run(): Promise<CampaignResult> {
    const { signal, milliseconds } = this.options;
    const workers = await this.#openWorkers();
    const stop = (): void => {
      this.#stopping = true;
      for (const worker of workers) worker.stop();
    };
    const leftMs = milliseconds === null ? null : milliseconds - (performance.now() - this.#startedAt);
    const timer = leftMs === null ? undefined : setTimeout(stop, Math.max(0, leftMs));
    signal?.addEventListener('abort', stop);
    // A signal may have come while the workers were started.
    if (signal?.aborted === true) stop();
    try {
      await Promise.all(workers.map((worker) => this.#drive(worker, stop)));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      await Promise.all(workers.map((worker) => worker.close()));
    }
    return this.#result();
  }

  async #openWorkers(): Promise<CampaignWorker[]> {
    const { settings, signal, observer, onNotice } = this.options;
    if (settings.workers === 1) return [await LocalWorker.open(settings, { signal, observer, onNotice })];
    const gate = isExclusive(settings) ? undefined : Gate.memory();
    const opened = await Promise.allSettled(
      Array.from({ length: settings.workers }, () => ThreadWorker.open(settings, { gate, signal, onNotice })),
    );
    const workers = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = opened.find((one) => one.status === 'rejected');
    if (failed === undefined) return workers;
    await Promise.all(workers.map((worker) => worker.close()));
    throw failed.reason;
  }

  async #drive(worker: CampaignWorker, stop: () => void): Promise<void> {
    try {
      for (let block = this.#nextBlock(); block !== null; block = this.#nextBlock()) {
        const from = block * this.#blockSize;
        const count = this.#sizeOf(block);
        const known = this.#book.all.map(({ finding }) => finding);
        const result = await worker.run(from, count, known);
        // A block that was broken off is run again when the campaign is taken up.
        this.#finished(result.isWhole ? block : null, result);
        if (result.died !== null) throw new TargetDied(result.died);
        if (result.failed !== null) throw new Error(result.failed);
        if (this.#isStopped() || this.#limits.met.length > 0) stop();
        if (!result.isWhole) return;
      }
    } catch (error) {
      if (error instanceof TargetDied) this.#death = error.message;
      else this.#failure = error instanceof Error ? error : new Error(String(error));
      stop();
    }
  }

  #isStopped(): boolean {
    const { stopsOn } = this.options;
    return stopsOn !== undefined && this.#book.all.some(({ finding }) => stopsOn(finding));
  }

  #nextBlock(): number | null {
    while (this.#done.has(this.#next)) this.#next++;
    if (this.#stopping || this.#next * this.#blockSize >= this.#total) return null;
    return this.#next++;
  }

  #finished(block: number | null, result: BlockResult): void {
    const { findings, hits } = result;
    const fresh = findings.filter(
      (finding) => !this.#book.all.some((known) => known.finding.id === finding.id),
    );
    const { cases, coverage, remarks } = result;
    const entry: JournalEntry = { block, cases, coverage, remarks, findings, hits };
    this.#take(entry);
    this.#casesNow += result.cases;
    if (block !== null) this.options.journal.add(entry);
    // What a block has counted that is run again would count twice; what it has found stays.
    else if (findings.length > 0)
      this.options.journal.add({ block, cases: 0, coverage: {}, remarks: {}, findings, hits: {} });
    this.#assumptions = result.assumptions;
    for (const note of result.notes) this.#notes.add(note);
    this.#unconfirmed.push(...result.unconfirmed);
    for (const finding of fresh) this.options.onFinding?.(finding);
    this.options.onProgress?.(this.#progress());
  }

  #take({ cases, coverage, remarks, findings, hits }: JournalEntry): void {
    this.#cases += cases;
    this.#coverage.merge(coverage);
    this.#coverage.mergeRemarks(remarks);
    for (const finding of findings) this.#book.add(finding, 0);
    for (const { finding } of this.#book.all) this.#book.add(finding, hits[finding.id] ?? 0);
  }

  #ending(interrupted: boolean): CampaignResult['ended'] {
    if (this.#death !== null) return 'target-died';
    // A control that fails, or a host that cannot be reached any more: the rest was not run.
    if (this.#failure !== null) return 'target-unreachable';
    return interrupted ? 'interrupted' : 'complete';
  }

  #progress(): Progress {
    return progressOf({
      cases: this.#cases,
      casesNow: this.#casesNow,
      of: this.#total,
      findings: this.#book.all.length,
      seconds: (performance.now() - this.#startedAt) / 1000,
      milliseconds: this.options.milliseconds,
    });
  }

  #result(): CampaignResult {
    const { settings, signal, milliseconds } = this.options;
    const seconds = Math.max(0.001, (performance.now() - this.#startedAt) / 1000);
    const isOver = this.#cases >= this.#total || (milliseconds !== null && seconds * 1000 >= milliseconds);
    const interrupted = signal?.aborted === true && !isOver && !this.#isStopped();
    return {
      findings: this.#book.all,
      coverage: this.#coverage.report({
        cases: this.#cases,
        casesPerSecond: this.#casesNow / seconds,
        workers: settings.workers,
        resumed: this.#resumed,
        ...(this.#assumptions.length === 0 ? {} : { assumptions: [...this.#assumptions] }),
      }),
      cases: this.#cases,
      ended: this.#ending(interrupted),
      endedMessage: this.#death ?? this.#failure?.message ?? null,
      notes: [...this.#notes, ...this.options.journal.notes],
      unconfirmed: this.#unconfirmed,
    };
  }
}
