import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SharedMachines } from './shared-machines';
import { type HistoryChunk, sharedNowMs } from './load-history';
import type { LoadPlan } from './plan';
import type { EncodedTally } from './tally';
import type { ToWorker, WorkerTask } from './worker';

/** Time for `go` to reach every thread. */
const START_IN_MS = 30;

/** Runs a load in threads of its own, so that neither the host nor what else this process does takes time from it. */
export async function loadInThreads(
  plan: LoadPlan,
  threads: number,
  signal: AbortSignal,
  onHistory: (thread: number, chunk: HistoryChunk) => void,
): Promise<readonly EncodedTally[]> {
  const { buffer } = new SharedMachines();
  const workers = Array.from({ length: threads }, (_, index) =>
    startWorker({ plan, share: { index, of: threads }, machines: buffer }, (chunk) =>
      onHistory(index, chunk),
    ),
  );
  const tell = (message: ToWorker): void => {
    for (const { worker } of workers) worker.postMessage(message);
  };
  const stop = (): void => tell({ kind: 'stop' });
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(workers.map(({ ready }) => ready));
    tell({ kind: 'go', startAtMs: sharedNowMs() + START_IN_MS });
    if (signal.aborted) stop();
    return await Promise.all(workers.map(({ tally }) => tally));
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
  }
}

interface RunningWorker {
  readonly worker: Worker;
  readonly ready: Promise<void>;
  readonly tally: Promise<EncodedTally>;
}

function startWorker(task: WorkerTask, onHistory: (chunk: HistoryChunk) => void): RunningWorker {
  const compiled = join(__dirname, 'worker.js');
  // From the sources a thread needs the compiler that its parent has.
  const worker = existsSync(compiled)
    ? new Worker(compiled, { workerData: task })
    : new Worker(join(__dirname, 'worker.ts'), { workerData: task, execArgv: ['-r', 'ts-node/register'] });
  let becomeReady: () => void;
  const ready = new Promise<void>((resolve) => (becomeReady = resolve));
  const tally = new Promise<EncodedTally>((resolve, reject) => {
    worker.on('message', (message: 'ready' | HistoryChunk | EncodedTally) => {
      if (message === 'ready') becomeReady();
      else if ('passedMs' in message) onHistory(message);
      else resolve(message);
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('a thread of the load ended before it had measured')));
  });
  // A thread that fails before it is ready fails the whole load, and none is left waiting.
  return { worker, ready: Promise.race([ready, tally.then(() => undefined)]), tally };
}
