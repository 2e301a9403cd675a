import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport, type Report } from '../../../reports/results/model';
import { DEFAULT_FAIL_ON } from '../../../reports/results/levels';
import { packageRoot } from '../../support/package-root';
import { runInProcess } from './in-process';

/** One line for each verb that judges a host, without the target; all of them take less than seconds. */
export const JUDGING_LINES: Readonly<Record<string, string>> = {
  replay: 'replay captures/corpus/v4-threshold-clients.pcap',
  'replay, on one connection': 'replay captures/corpus/v4-mixed-growth.pcap --connections one',
  stream: 'stream server*15,client*45,renew(server)*5',
  'stream, kept': 'stream server*15,client*45,renew(client)*5 --keep',
  load: 'load --rate 100 --duration 1s --threads 0',
  'load, kept': 'load --rate 100 --duration 1s --threads 0 --keep --connections 4',
  fuzz: 'fuzz --runs 200 --seed 7 --lanes 4 --out {folder}',
  'fuzz, a connection each': 'fuzz --runs 200 --seed 8 --lanes 4 --connections each --out {folder}',
};

/** What a verb holds against the host at a port: each as `ID: message`, and what it ended with where that is no verdict. */
export async function heldAgainst(line: string, port: number): Promise<string[]> {
  return (await judgedBy(line, port)).accusations;
}

/** The same, and how many fuzz cases were run for it. */
export async function judgedBy(
  line: string,
  port: number,
): Promise<{ readonly accusations: string[]; readonly cases: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'kmsspec-stranger-'));
  const words = line.split(' ').map((word) => word.replaceAll(',', ' ').replace('{folder}', folder));
  const { exitCode, stdout, stderr } = await runInProcess(
    [...words, '--target', `127.0.0.1:${port}`, '--json', '-'],
    { cwd: packageRoot() },
  ).finally(() => rm(folder, { recursive: true, force: true }));
  const isReport = exitCode === 0 || exitCode === 1 || exitCode === 4;
  const report = isReport ? parseReport(stdout) : null;
  const accusations =
    report === null ? [`exit code ${exitCode}: ${stderr}`] : exitCode === 1 ? accusationsOf(report) : [];
  return { accusations, cases: report?.coverage?.cases ?? 0 };
}

function accusationsOf({ results, findings = [] }: Report): string[] {
  return [
    ...results
      .filter(({ outcome, level }) => outcome === 'failed' && DEFAULT_FAIL_ON.includes(level))
      .map(({ id, message }) => `${id}: ${message}`),
    ...findings.map((finding) => JSON.stringify(finding).slice(0, 300)),
  ];
}
