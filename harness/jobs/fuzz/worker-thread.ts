import { once } from 'node:events';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { BlockResult, CampaignWorker } from './campaign-worker';
import type { Finding } from './findings/finding';
import { LocalLimits, localLimitOf, lookForDescriptors, noteLocalLimit } from '../../support/local-limits';
import { UsageError } from '../../support/usage-error';
import type { CampaignSettings } from './settings';
import { LocalWorker, type WorkerContext } from './worker';

type Order =
  | { readonly from: number; readonly count: number; readonly known: readonly Finding[] }
  | 'stop'
  | 'close';
type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'done'; readonly result: BlockResult; readonly limits: readonly string[] }
  | {
      readonly kind: 'failed';
      readonly name: string;
      readonly message: string;
      readonly limits: readonly string[];
    };

/** What a thread is told at its start. */
interface Given {
  readonly fuzz: CampaignSettings;
  readonly gate: SharedArrayBuffer | undefined;
}

/** A worker in a thread of its own, with a target of its own where that is embedded. */
export class ThreadWorker implements CampaignWorker {
  private constructor(private readonly thread: Worker) {}

  /** @throws what opening the target throws, by its message */
  static async open(
    settings: CampaignSettings,
    { gate, signal, onNotice }: Pick<WorkerContext, 'gate' | 'signal' | 'onNotice'> = {},
  ): Promise<ThreadWorker> {
    // From the sources, a thread needs the compiler that this one has.
    const execArgv =
      extname(__filename) === '.ts' ? ['-r', createRequire(__filename).resolve('ts-node/register')] : [];
    const thread = new Worker(__filename, { workerData: { fuzz: settings, gate } satisfies Given, execArgv });
    thread.on('message', (reply: Reply) => {
      if (reply.kind === 'notice') onNotice?.(reply.text);
    });
    const worker = new ThreadWorker(thread);
    // Before the first case it has nothing that it could report.
    const end = (): void => void thread.terminate();
    signal?.addEventListener('abort', end);
    try {
      await worker.#reply();
    } catch (error) {
      throw signal?.aborted === true ? new UsageError('interrupted before the first case') : error;
    } finally {
      signal?.removeEventListener('abort', end);
    }
    return worker;
  }

  async run(from: number, count: number, known: readonly Finding[]): Promise<BlockResult> {
    this.#order({ from, count, known });
    const reply = await this.#reply();
    if (reply.kind !== 'done') throw new Error('a worker answered out of turn');
    return reply.result;
  }

  stop(): void {
    this.#order('stop');
  }

  async close(): Promise<void> {
    const over = once(this.thread, 'exit');
    this.#order('close');
    await over;
  }

  #order(order: Order): void {
    this.thread.postMessage(order);
  }

  async #reply(): Promise<Exclude<Reply, { kind: 'failed' | 'notice' }>> {
    for (;;) {
      const reply = await this.#next();
      if (reply.kind !== 'notice') return reply;
    }
  }

  async #next(): Promise<Exclude<Reply, { kind: 'failed' }>> {
    const over = new AbortController();
    try {
      const [reply] = (await Promise.race([
        once(this.thread, 'message', { signal: over.signal }),
        once(this.thread, 'exit', { signal: over.signal }).then(() => [
          { kind: 'failed', name: 'Error', message: 'a worker ended by itself', limits: [] },
        ]),
      ])) as [Reply];
      // What a thread has met it knows alone.
      if ('limits' in reply) reply.limits.forEach(noteLocalLimit);
      if (reply.kind !== 'failed') return reply;
      throw Object.assign(new Error(reply.message), { name: reply.name });
    } finally {
      over.abort();
    }
  }
}

/** The thread's side: blocks one after the other, as they are ordered. */
async function serve({ fuzz: settings, gate }: Given, port: NonNullable<typeof parentPort>): Promise<void> {
  const tell = (reply: Reply): void => port.postMessage(reply);
  const limits = new LocalLimits();
  const failed = (error: unknown): void => {
    lookForDescriptors();
    const own = localLimitOf(error);
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'failed', name, message, limits: own === null ? limits.met : [...limits.met, own] });
  };
  let worker: LocalWorker;
  try {
    worker = await LocalWorker.open(settings, { gate, onNotice: (text) => tell({ kind: 'notice', text }) });
  } catch (error) {
    failed(error);
    return;
  }
  tell({ kind: 'ready' });
  port.on('message', (order: Order) => {
    if (order === 'stop') worker.stop();
    else if (order === 'close') void worker.close().finally(() => port.close());
    else
      worker
        .run(order.from, order.count, order.known)
        .then((result) => tell({ kind: 'done', result, limits: limits.met }), failed);
  });
}

const given = isMainThread ? null : (workerData as Partial<Given> | null);
if (given?.fuzz !== undefined && parentPort !== null)
  void serve({ fuzz: given.fuzz, gate: given.gate }, parentPort);
