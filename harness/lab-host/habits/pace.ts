import { performance } from 'node:perf_hooks';
import type { Override } from '../faults/fault';
import { habit } from './habit';

/** One call at a time, each of which takes so long. */
const oneAtATime =
  (ms: number): Override =>
  () => {
    let freeAtMs = 0;
    return {
      delayMs: () => {
        const nowMs = performance.now();
        freeAtMs = Math.max(freeAtMs, nowMs) + ms;
        return freeAtMs - nowMs;
      },
    };
  };

/** How long good hosts take: the time to live is 15 seconds. */
export const PACE_HABITS = [
  habit({
    name: 'takes-20-ms',
    sentence: 'It takes 20 ms over every answer.',
    override: () => ({ delayMs: () => 20 }),
  }),
  habit({
    name: 'takes-20-ms-one-at-a-time',
    sentence: 'It answers one call after the other, each after 20 ms.',
    override: oneAtATime(20),
  }),
  habit({
    name: 'takes-1-s-one-at-a-time',
    sentence: 'It answers one call after the other, each after a second.',
    override: oneAtATime(1000),
  }),
];
