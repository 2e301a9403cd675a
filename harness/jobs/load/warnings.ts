import { readFileSync } from 'node:fs';
import type { LoadPlan } from './plan';
import type { LoadTally } from './tally';

/** A timer is late by a millisecond or two; beyond that the thread had no time. */
const LATE_MS = 5;
const BUSY = 0.95;
/** Share of the asked rate that counts as held. */
const HELD = 0.995;

/** What kept a load from measuring the host: the generator, or the ports of this machine. */
export function warningsOf(plan: LoadPlan, threads: number, tally: LoadTally, achieved: number): string[] {
  return [...generatorWarnings(plan, threads, tally, achieved), ...portWarnings(plan, tally)];
}

function generatorWarnings(plan: LoadPlan, threads: number, tally: LoadTally, achieved: number): string[] {
  const { lateness, busy } = tally;
  const lateMs = lateness.totalCount === 0 ? 0 : lateness.getValueAtPercentile(99) / 1000;
  const advice = `use more threads than ${threads}, kept connections, or several machines (kmsspec merge)`;
  if (lateMs > LATE_MS) {
    return [
      `the generator was the limit: it started one request of a hundred ${lateMs.toFixed(1)} ms late or more; ${advice}`,
    ];
  }
  if (busy <= BUSY) return [];
  const percent = `its threads were busy ${(busy * 100).toFixed(0)} % of the time`;
  if (plan.rate === null) return [`the generator may be the limit: ${percent}; ${advice}`];
  const asked = (plan.rate.from + plan.rate.to) / 2;
  return achieved < HELD * asked ? [`the generator was the limit: ${percent}; ${advice}`] : [];
}

function portWarnings(plan: LoadPlan, tally: LoadTally): string[] {
  const advice =
    'close with RST (--close reset) where the host allows it, or use several source addresses (--sources)';
  const limited = [...tally.failures].filter(([name]) => name.startsWith('local-limit'));
  if (limited.length > 0) {
    const times = limited.reduce((sum, [, count]) => sum + count, 0);
    return [
      `the ceiling of ephemeral ports or open files of this machine was reached ${times} times; ${advice}`,
    ];
  }
  if (plan.mode === 'kept' || plan.closeWith === 'reset') return [];
  const seconds = (plan.durationMs + plan.warmupMs + plan.rampMs) / 1000;
  const perAddress = tally.opened / seconds / Math.max(1, plan.sources.length);
  const ceiling = portCeiling();
  if (perAddress < 0.9 * ceiling) return [];
  return [
    `${Math.round(perAddress)} connections a second from one address is near the ceiling of ephemeral ports (about ${Math.round(ceiling)} a second here); ${advice}`,
  ];
}

/** Connections a second from one source address that loopback sustains: half of its ephemeral ports, as measured (docs/performance.md). */
function portCeiling(): number {
  const usual = 28_232;
  try {
    const [low, high] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return (high! - low! + 1) / 2;
  } catch {
    // Only Linux tells its range there.
    return usual / 2;
  }
}
