import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { writeJson } from '../../../../reports/formats/json';
import { EXIT, exitCode } from '../../../../reports/results/exit-code';
import { mergeReports } from '../../../../reports/results/merge';
import { parseReport, type Report, ReportError, type Run } from '../../../../reports/results/model';
import { reportOf, resultOf } from '../../../../reports/testing/sample-report';
import { baselineSchema } from '../../../baseline/baseline';
import { planSchema } from '../../../jobs/fleet/plan-file';
import { parseHistory } from '../../../jobs/history';
import { ConfigError } from '../../../support/config-error';
import { packageRoot } from '../../../support/package-root';
import { UsageError } from '../../../support/usage-error';
import { parseYamlBytes } from '../../../support/yaml-file';
import { configSchema } from '../../../target/config/config-schema';
import { profileSchema } from '../../../target/config/profile-file';
import { type HostCounters } from '../../../model/host-counters';
import { readCounters } from '../../../target/read-counters';
import { readCoverage } from '../../../target/read-coverage';
import { isNoBeginning, type OthersDocument, type Read, refusing } from './document';

const example = (name: string): string => readFileSync(join(packageRoot(), 'examples', name), 'utf8');
const withoutComments = (text: string): string => text.replace(/^#.*\n/gm, '');

/** A file of YAML: who cuts it says less, and what is left is what stood there. */
const yaml = (name: string, text: string, schema: z.ZodType): OthersDocument => ({
  name,
  whole: Buffer.from(withoutComments(text)),
  read: (bytes) => refusing(ConfigError, name, () => parseYamlBytes(bytes, name, schema)),
  cutSaysMore: isNoBeginning,
});

const CONFIG = `target: 127.0.0.1:1688
keyGroup: any
controls:
  reset: [./ctl, reset]
  advanceClock: [./ctl, advance, "{seconds}"]
exclude:
  - { id: CNT-14, reason: "Windows only" }
budgets: { p99Ms: 50, rate: 100 }
`;
const FLEET = `days: 90
groups:
  - name: laptop
    product: win7
    count: 60
    arrivals: { overHours: 240, spacing: even }
    incidents: [{ kind: reimage, everyDays: 200 }]
hosts: [{ priority: 0, outages: [{ fromHour: 480, toHour: 600 }] }]
`;
const PROFILE = `name: ours
countsVirtualMachines: true
failedRenewalRetryHours: 2
discoveryUsesPriorityAndWeight: false
initialGraceDays: { client: 30, server: 60 }
countSurvivesRestart: true
`;

/** Reports of runs that came to no pass, each in its own way. */
const ENDED: Readonly<Record<string, Partial<Run>>> = {
  'that was interrupted': { ended: 'interrupted' },
  'of a machine that did not suffice': { limits: ['12 file descriptors'] },
  'of a host that died': { diedIn: ['CNT-07'] },
};
const endedReport = (run: Partial<Run>): Report => {
  const report = reportOf([
    resultOf('CNT-01'),
    resultOf('CNT-07', { outcome: 'not-run', reason: 'it ended' }),
  ]);
  return { ...report, run: { ...report.run, ...run } };
};
const requiredReport = reportOf([
  resultOf('CNT-01'),
  resultOf('CNT-07', { outcome: 'untestable', required: true }),
]);
const failedReport = reportOf([resultOf('CNT-01'), resultOf('CNT-07', { outcome: 'failed', message: 'no' })]);

interface Told {
  readonly passed: number;
  readonly code: number;
}
const toldOf = (report: Report): Told => ({ passed: report.summary.passed, code: exitCode(report) });

function passesMore(read: unknown, whole: unknown): string | null {
  const [now, before] = [read as Told, whole as Told];
  if (now.passed > before.passed) return `${now.passed} passed instead of ${before.passed}`;
  return now.code === EXIT.holds && before.code !== EXIT.holds
    ? `the exit code is 0 instead of ${before.code}`
    : null;
}

const report = (name: string, one: Report, told = toldOf): OthersDocument => ({
  name: `a report ${name}`,
  whole: Buffer.from(writeJson(one).trimEnd()),
  read: (bytes) => refusing(ReportError, 'r.json', () => told(parseReport(bytes.toString('utf8'), 'r.json'))),
  changedSaysMore: passesMore,
});

const shardOf = (index: number, one: Report): Report => ({
  ...one,
  run: { ...one.run, shard: { index, of: 2 }, command: `kmsspec run --seed 42 --shard ${index}/2` },
});
const mergedWithFirst = (second: Report): Told =>
  toldOf(
    mergeReports([
      { report: shardOf(1, reportOf([resultOf('CNT-02')])), where: 'first' },
      { report: second, where: 'r.json' },
    ]),
  );

/** What a control printed: told in words where it is none. */
const printed = (read: HostCounters | readonly number[] | string): Read =>
  typeof read === 'string' ? { refused: read } : { data: read };

/** What people write, what reports and histories of others hold, and what their programs print. */
export const TEXTS: readonly OthersDocument[] = [
  yaml('kmsspec.yaml', CONFIG, configSchema),
  yaml('baseline.yaml', example('ci/kms-baseline.yaml'), baselineSchema),
  yaml('fleet.yaml', FLEET, planSchema),
  yaml('profile.yaml', PROFILE, profileSchema),
  ...Object.entries(ENDED).map(([name, run]) => report(name, endedReport(run))),
  report('of what had to be checked and was not', requiredReport),
  report('that failed', failedReport),
  report('of a shard, merged', shardOf(2, endedReport({ limits: ['12 file descriptors'] })), mergedWithFirst),
  {
    name: 'a history',
    whole: Buffer.from(example('histories/lost-update.json').trimEnd()),
    read: (bytes) => refusing(UsageError, 'h.json', () => parseHistory(bytes.toString('utf8'), 'h.json')),
  },
  {
    name: 'counters of the control observe',
    whole: Buffer.from('{"currentCount":50,"totalRequests":1200,"failedRequests":0}'),
    read: (bytes) => printed(readCounters(bytes.toString('utf8'))),
  },
  {
    name: 'counters as slmgr prints them',
    whole: Buffer.from('    Current count: 50\r\n    Total requests received: 1200\r\n'),
    read: (bytes) => printed(readCounters(bytes.toString('utf8'))),
    cutSaysMore: isNoBeginning,
  },
  {
    name: 'what a host ran',
    whole: Buffer.from('12:1 13:255 4096:3'),
    read: (bytes) => printed(readCoverage(bytes.toString('utf8'))),
    cutSaysMore: isNoBeginning,
  },
];
