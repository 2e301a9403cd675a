import type { Coverage } from '../../reports/model';
import type { ConnectionObserver } from '../client';
import { CoverageTable } from './judge/coverage';
import { type Finding, FindingBook } from './findings/finding';
import { Gate } from './conduct/gate';
import type { Journal, JournalEntry } from './journal';
import { TargetDied } from './findings/reproduce';
import { casesOfShard, type CampaignSettings, isExclusive } from './settings';
import { type BlockResult, type CampaignWorker, LocalWorker } from './worker';
import { ThreadWorker } from './worker-thread';

export interface CampaignOptions {
  readonly settings: CampaignSettings;
  /** Cases in all shards together; null for no end. */
  readonly runs: number | null;
  /** How long to run; null for no end. */
  readonly milliseconds: number | null;
  readonly stopOnFinding: boolean;
  readonly journal: Journal;
  readonly signal?: AbortSignal | undefined;
  /** Hears of every connection; only where there is one worker. */
  readonly observer?: ConnectionObserver | undefined;
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly blockSize?: number;
}

export interface Progress {
  /** Cases of this shard that are over, those of runs before too. */
  readonly cases: number;
  /** Of all; null where there is no end. */
  readonly of: number | null;
  readonly casesPerSecond: number;
  readonly findings: number;
  readonly secondsLeft: number | null;
}

export interface CampaignResult {
  readonly findings: readonly { readonly finding: Finding; readonly cases: number }[];
  readonly coverage: Coverage;
  /** Cases of this shard that are over. */
  readonly cases: number;
  readonly ended: 'complete' | 'interrupted' | 'target-died';
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
  readonly #coverage = new CoverageTable();
  readonly #done: Set<number>;
  readonly #notes = new Set<string>();
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

  constructor(private readonly options: CampaignOptions) {
    this.#blockSize = options.blockSize ?? BLOCK_SIZE;
    this.#total = options.runs === null ? Infinity : casesOfShard(options.settings, options.runs);
    const entries = options.journal.takeEntries();
    this.#done = new Set(entries.map(({ block }) => block).filter((block) => block !== null));
    for (const entry of entries) this.#take(entry);
    this.#resumed = entries.length > 0;
  }

  async run(): Promise<CampaignResult> {
    const { signal, milliseconds } = this.options;
    const workers = await this.#openWorkers();
    const stop = (): void => {
      this.#stopping = true;
      for (const worker of workers) worker.stop();
    };
    const timer = milliseconds === null ? undefined : setTimeout(() => (this.#stopping = true), milliseconds);
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
    const { settings, signal, observer } = this.options;
    if (settings.workers === 1) return [await LocalWorker.open(settings, { signal, observer })];
    const gate = isExclusive(settings) ? undefined : Gate.memory();
    const opened = await Promise.allSettled(
      Array.from({ length: settings.workers }, () => ThreadWorker.open(settings, gate)),
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
        const count = Math.min(this.#blockSize, this.#total - from);
        const known = this.#book.all.map(({ finding }) => finding);
        const result = await worker.run(from, count, known);
        // A block that was broken off is run again when the campaign is taken up.
        this.#finished(result.isWhole ? block : null, result);
        if (result.died !== null) throw new TargetDied(result.died);
        if (this.options.stopOnFinding && this.#book.all.length > 0) stop();
        if (!result.isWhole) return;
      }
    } catch (error) {
      if (!(error instanceof TargetDied)) throw error;
      this.#death = error.message;
      stop();
    }
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
    const entry: JournalEntry = { block, cases: result.cases, coverage: result.coverage, findings, hits };
    this.#take(entry);
    this.#casesNow += result.cases;
    if (block !== null) this.options.journal.add(entry);
    // What a block has counted that is run again would count twice; what it has found stays.
    else if (findings.length > 0)
      this.options.journal.add({ block, cases: 0, coverage: {}, findings, hits: {} });
    for (const note of result.notes) this.#notes.add(note);
    this.#unconfirmed.push(...result.unconfirmed);
    for (const finding of fresh) this.options.onFinding?.(finding);
    this.options.onProgress?.(this.#progress());
  }

  #take({ cases, coverage, findings, hits }: JournalEntry): void {
    this.#cases += cases;
    this.#coverage.merge(coverage);
    for (const finding of findings) this.#book.add(finding, 0);
    for (const { finding } of this.#book.all) this.#book.add(finding, hits[finding.id] ?? 0);
  }

  #progress(): Progress {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const casesPerSecond = this.#casesNow / seconds;
    const byCases = this.#total === Infinity ? Infinity : (this.#total - this.#cases) / casesPerSecond;
    const { milliseconds } = this.options;
    const byTime = milliseconds === null ? Infinity : milliseconds / 1000 - seconds;
    const left = Math.max(0, Math.min(byCases, byTime));
    return {
      cases: this.#cases,
      of: this.#total === Infinity ? null : this.#total,
      casesPerSecond,
      findings: this.#book.all.length,
      secondsLeft: Number.isFinite(left) ? left : null,
    };
  }

  #result(): CampaignResult {
    const { settings, signal, milliseconds } = this.options;
    const seconds = Math.max(0.001, (performance.now() - this.#startedAt) / 1000);
    const isOver = this.#cases >= this.#total || (milliseconds !== null && seconds * 1000 >= milliseconds);
    const isStopped = this.options.stopOnFinding && this.#book.all.length > 0;
    const interrupted = signal?.aborted === true && !isOver && !isStopped;
    return {
      findings: this.#book.all,
      coverage: this.#coverage.report({
        cases: this.#cases,
        casesPerSecond: this.#casesNow / seconds,
        workers: settings.workers,
        resumed: this.#resumed,
      }),
      cases: this.#cases,
      ended: this.#death !== null ? 'target-died' : interrupted ? 'interrupted' : 'complete',
      endedMessage: this.#death,
      notes: [...this.#notes],
      unconfirmed: this.#unconfirmed,
    };
  }
}
