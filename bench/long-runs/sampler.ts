import { readdirSync } from 'node:fs';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

/**
 * Loaded into a process before its program, and so into each of its threads: collects garbage in even steps of time and then tells the
 * parent what is still held. Nothing of it keeps the process from ending.
 */

/** What a process holds at a moment, behind a collection of garbage. */
export interface Sample {
  /** JavaScript heaps of all threads and what they hold outside of them, in MB. */
  readonly heapMb: number;
  /** Resident memory of the process, in MB. */
  readonly residentMb: number;
  /** Open file descriptors: sockets, files, pipes. */
  readonly descriptors: number;
  /** What keeps the event loop of the main thread alive: sockets, timers, child processes, requests under way. */
  readonly resources: number;
}

const MEGABYTE = 1 << 20;
const heapOfOthers = new Map<number, number>();
const channel = new BroadcastChannel('kmsspec-sampler');

function heapMb(): number {
  global.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MEGABYTE;
}

function sample(): Sample {
  const own = heapMb();
  return {
    heapMb: [...heapOfOthers.values()].reduce((sum, other) => sum + other, own),
    residentMb: process.memoryUsage.rss() / MEGABYTE,
    descriptors: readdirSync('/proc/self/fd').length,
    resources: process.getActiveResourcesInfo().length,
  };
}

// The type of Node 20 lacks it.
(channel as unknown as { unref(): void }).unref();
const periodMs = Number(process.env['KMSSPEC_SAMPLE_MS']);
if (isMainThread) {
  channel.onmessage = (event) => {
    const { data } = event as { data: { thread: number; heapMb: number } };
    heapOfOthers.set(data.thread, data.heapMb);
  };
  setInterval(() => process.send?.(sample()), periodMs).unref();
  process.channel?.unref();
} else {
  setInterval(() => channel.postMessage({ thread: threadId, heapMb: heapMb() }), periodMs).unref();
}
