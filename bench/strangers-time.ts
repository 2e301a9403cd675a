import { join } from 'node:path';
import { type LabHostOptions, startLabHost } from '../harness/lab-host';
import { startControlServer } from '../harness/lab-host/control';
import { packageRoot } from '../harness/support/package-root';
import { openTarget } from '../harness/target';
import { runOn } from '../scenarios/testing/lab-run';
import type { BenchReport, BenchSection, Goal } from './section';

/** The built program: its `ctl PORT -` stays for the whole run, as persistent controls do. */
const PROGRAM = join(packageRoot(), 'dist/harness/cli/main.js');
const TIMEOUT_MS = 15_000;

interface Timed {
  readonly seconds: number;
  readonly passed: number;
  /** Left out with their estimate. */
  readonly leftOut: number;
}

/** Runs the whole suite against a host behind persistent controls, which is no part of its process. */
async function timeRun(lab: LabHostOptions): Promise<Timed> {
  const host = await startLabHost(lab);
  const control = await startControlServer(host, 0);
  const target = await openTarget({
    address: `127.0.0.1:${host.port}`,
    controls: { command: [process.execPath, PROGRAM, 'ctl', String(control.port), '-'], persistent: true },
  });
  try {
    const startedAt = performance.now();
    const { results } = await runOn(target, { timeoutMs: TIMEOUT_MS });
    return {
      seconds: (performance.now() - startedAt) / 1000,
      passed: results.filter(({ outcome }) => outcome === 'passed').length,
      leftOut: results.filter(({ reason }) => reason?.startsWith('left out:') === true).length,
    };
  } finally {
    await target.close();
    await control.close();
    await host.close();
  }
}

const AGAINST_GOOD: readonly (readonly [string, LabHostOptions, Goal])[] = [
  ['20 ms an answer', { habits: ['takes-20-ms'] }, { atMost: 2 }],
  ['all answers malformed', { faults: ['pid-size-less-nul'] }, { atMost: 1 }],
  ['intervals swapped', { faults: ['intervals-swapped'] }, { atMost: 1.5 }],
];

async function run(report: BenchReport): Promise<void> {
  await timeRun({});
  const good = await timeRun({});
  if (good.leftOut > 0) throw new Error(`${good.leftOut} requirements were left out on a good host`);
  report.measured('a good host, behind persistent controls', good.seconds, 's');
  report.note(`${good.passed} requirements passed`);
  for (const [what, lab, goal] of AGAINST_GOOD) {
    const { seconds, leftOut } = await timeRun(lab);
    report.measured(`${what}: time to that of the good host`, seconds / good.seconds, 'times', goal);
    if (leftOut > 0) report.note(`${leftOut} requirements left out with their estimate`);
  }
  const slow = await timeRun({ habits: ['takes-1-s-one-at-a-time'] });
  report.measured('1 s an answer, one at a time', slow.seconds, 's', { atMost: 300 });
  report.note(`${slow.passed} requirements passed, ${slow.leftOut} left out with their estimate`);
}

/** `npm run bench -- strangers-time` takes up to ten minutes. */
export const section: BenchSection = {
  name: 'strangers-time',
  title: 'what a run takes on hosts that are slow or wrong',
  onlyByName: true,
  run,
};
