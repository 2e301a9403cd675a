import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport, type Report } from '../../../reports/results/model';
import { type LabHost, startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { runInProcess } from '../testing/in-process';

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
const LIE = /the control reset exited 0, but the host still counts \d+/;

/** A host that has counted machines, and whose reset says that it did something. */
describe('a reset that does nothing', function () {
  this.timeout(60_000);
  let host: LabHost;
  let folder: string;
  beforeEach(async () => {
    host = await startLabHost({});
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-lying-reset-'));
    const target = `127.0.0.1:${host.port}`;
    writeFileSync(join(folder, 'kmsspec.yaml'), `target: ${target}\ncontrols: { reset: ["true"] }\n`);
    await runInProcess(['stream', 'client*12', '--no-reset'], { cwd: folder });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await host.close();
  });

  const run = async (...argv: string[]): Promise<{ exitCode: number; told: string; report: Report }> => {
    const { exitCode, stdout, stderr } = await runInProcess([...argv, '--json', 'r.json'], { cwd: folder });
    const report = parseReport(readFileSync(join(folder, 'r.json'), 'utf8'));
    return { exitCode, told: stdout + stderr, report };
  };

  it('is told by replay, which takes the counts of a host with a history as they are', async () => {
    const { exitCode, told, report } = await run('replay', CAPTURE, '--fresh');
    expect(exitCode, told).to.equal(0);
    expect(told).to.match(LIE);
    expect(report.replay?.warnings?.join()).to.match(LIE);
    expect(report.replay?.exchanges.map(({ verdict }) => verdict)).to.not.include('differs');
  });

  it('is told by stream, whose differences prove nothing then', async () => {
    const { exitCode, report } = await run('stream', 'server*3 client*5');
    expect(exitCode).to.equal(4);
    expect(report.results[0]).to.include({ outcome: 'inconclusive' });
    expect(report.results[0]?.reason).to.match(LIE);
  });

  it('is told by fleet, whose differences prove nothing then', async () => {
    const { exitCode, report } = await run('fleet', '--clients', '5', '--days', '1');
    expect(exitCode).to.equal(4);
    expect(report.results[0]).to.include({ outcome: 'inconclusive' });
    expect(report.results[0]?.reason).to.match(LIE);
  });

  it('is told by load, which allows the counts of a host with a history', async () => {
    const { exitCode, told, report } = await run('load', '--rate', '20', '--duration', '300ms');
    expect(exitCode, told).to.equal(0);
    expect(told).to.match(LIE);
    expect(report.results[0]).to.include({ outcome: 'passed' });
  });
});
