import { startLabHost } from '../harness/lab-host';
import { measureLoad } from '../harness/jobs/load';
import { type BenchReport, type BenchSection, ConsoleReport } from './section';

const DURATION_MS = 3000;

export const section: BenchSection = {
  name: 'load',
  title: 'the load generator against a lab host in the same process',
  run,
};

export async function run(report: BenchReport): Promise<void> {
  const host = await startLabHost();
  const endpoint = { host: host.address, port: host.port };
  try {
    for (const [mode, rate, connections] of [
      ['each', 1000, 512],
      ['kept', 1000, 16],
      ['kept', 5000, 16],
    ] as const) {
      const { latency, p99Ms, wrongCounts } = await measureLoad({
        endpoint,
        mode,
        connections,
        rate: { from: rate, to: rate },
        warmupMs: 500,
        durationMs: DURATION_MS,
      });
      if (wrongCounts > 0) throw new Error(`${wrongCounts} counts were wrong`);
      const name = `${rate} a second, ${mode === 'each' ? 'a connection each' : `${connections} kept`}`;
      const off = Math.abs(latency.achievedPerSecond - rate) / rate;
      report.measured(`${name}: the rate is off by`, 100 * off, '%', { atMost: 0.5 });
      report.measured('    99 of 100 answered within, from the intended start', p99Ms, 'ms');
      for (const warning of latency.warnings ?? []) report.note(`    ${warning}`);
    }
    const most = await measureLoad({
      endpoint,
      mode: 'kept',
      connections: 16,
      rate: null,
      durationMs: DURATION_MS,
    });
    report.measured('as fast as 16 kept connections go', most.latency.achievedPerSecond, 'a second');
  } finally {
    await host.close();
  }
}

if (require.main === module) void run(new ConsoleReport((text) => process.stdout.write(text)));
