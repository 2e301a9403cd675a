import { parentPort, workerData } from 'node:worker_threads';
import { SharedMachines } from './shared-machines';
import { generateLoad, type Share } from './generator';
import type { HistoryChunk } from './load-history';
import type { LoadPlan } from './plan';
import { encodeTally } from './tally';

/** A thread of a load. It says that it is ready, starts when told, and sends what it measured. */
export interface WorkerTask {
  readonly plan: LoadPlan;
  readonly share: Share;
  readonly machines: SharedArrayBuffer;
}

/** `go` with the time to start, by `sharedNowMs`; `stop` to end before the time. */
export type ToWorker = { readonly kind: 'go'; readonly startAtMs: number } | { readonly kind: 'stop' };

const { plan, share, machines } = workerData as WorkerTask;
const interruption = new AbortController();

parentPort!.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') {
    interruption.abort();
    return;
  }
  const shared = new SharedMachines(machines);
  const { signal } = interruption;
  const onHistory = (chunk: HistoryChunk): void => parentPort!.postMessage(chunk);
  void generateLoad(plan, { share, startAtMs: message.startAtMs, shared, signal, onHistory }).then(
    (tally) => {
      parentPort!.postMessage(encodeTally(tally));
      parentPort!.close();
    },
  );
});
parentPort!.postMessage('ready');
