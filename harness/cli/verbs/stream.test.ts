import { expect } from 'chai';
import { parseReport } from '../../../reports/results/model';
import { type LabHost, startLabHost } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { runInProcess } from '../testing/in-process';

const NOTATION = 'server*15 client*45 renew(server)*5 virtual*3 wait(30d) client*2';

describe('kmsspec stream', () => {
  it('shows counts beside the model, a chart and the verdict', async () => {
    const { exitCode, stdout, stderr } = await runInProcess(['stream', NOTATION, '--seed', '7']);
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^11–15 +server 11–15 +10 ×5 +10 ×5 +10$/m);
    expect(stdout).to.match(/^69–70 +client 46–47 +1…2 +1…2 +50$/m);
    expect(stdout).to.match(/^50 \|.*\*+$/m);
    expect(stdout).to.include('70 requests, seed 7: every count is the model');
  });

  it('writes the trajectory as a report that reads back', async () => {
    const { exitCode, stdout } = await runInProcess([
      'stream',
      'server*12 client*3',
      '--keep',
      '--json',
      '-',
    ]);
    expect(exitCode).to.equal(0);
    const report = parseReport(stdout);
    expect(report.trajectory?.points.map(({ answered }) => answered)).to.deep.equal([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 11, 12, 13,
    ]);
    expect(report.trajectory?.points[12]).to.include({ sent: 'client 1', expected: 11, capacity: 50 });
    expect(report.results[0]).to.include({ id: 'STREAM', outcome: 'passed' });
    expect(report.results[0]?.repeat).to.match(/--seed \d+$/);
  });

  it('points at the character that is wrong, and sends nothing', async () => {
    const { exitCode, stderr } = await runInProcess([
      'stream',
      'server*15 clent*45',
      '--target',
      '127.0.0.1:1',
    ]);
    expect(exitCode).to.equal(2);
    expect(stderr.split('\n')).to.have.lengthOf(4);
    expect(stderr).to.include('character 11').and.include('did you mean client?');
    const late = await runInProcess(['stream', 'client*3 renew(server)', '--target', '127.0.0.1:1']);
    expect(late.exitCode).to.equal(2);
    expect(late.stderr).to.include('no server machine has asked');
  });

  it('asks to quote a stream of several words, and tells that a mix without a count is one request', async () => {
    const unquoted = await runInProcess(['stream', 'server*15', 'client*45']);
    expect(unquoted.exitCode).to.equal(2);
    expect(unquoted.stderr).to.include("quote it, such as kmsspec stream 'server*15 client*45'");
    const mix = await runInProcess(['stream', 'mix(servers=20%)', '--quiet']);
    expect(mix.exitCode).to.equal(0);
    expect(mix.stderr).to.include('a mix without a count draws one request');
    const counted = await runInProcess(['stream', 'mix(servers=20%)*3', '--quiet']);
    expect(counted.stderr).to.equal('');
  });

  it('tells a terminal how far a long stream is, and a log only now and then', async () => {
    const long = ['stream', '(client*500 renew*500)*1000', '--keep', '--requests', '10000'];
    expect((await runInProcess(long, { isTerminal: true })).stderr).to.match(/\d+ of 10000 requests sent/);
    for (const quiet of [['--quiet'], []]) {
      const told = await runInProcess(['stream', 'client*100', '--keep', ...quiet]);
      expect(told.stderr).to.equal('');
    }
  });

  it('tells in one line that nothing listens, with exit code 3 and a report that says so', async () => {
    const { exitCode, stderr, stdout } = await runInProcess([
      'stream',
      'client*3',
      '--target',
      '127.0.0.1:1',
      '--json',
      '-',
    ]);
    expect(exitCode).to.equal(3);
    expect(stderr.trimEnd().split('\n')).to.have.lengthOf(1);
    expect(stderr).to.include('refused the connection');
    expect(parseReport(stdout).results[0]).to.include({ outcome: 'not-run' });
  });

  it('ends an endless stream after --requests', async () => {
    const { exitCode, stdout } = await runInProcess([
      'stream',
      'mix(servers=30%, renewals=50%)*forever',
      '--requests',
      '300',
      '--keep',
    ]);
    expect(exitCode).to.equal(0);
    expect(stdout).to.include('300 requests of a stream without an end');
  });

  describe('a target without controls', () => {
    let host: LabHost;
    beforeEach(async () => {
      host = await startLabHost({ faults: [] });
    });
    afterEach(() => host.close());

    const stream = (notation: string) =>
      runInProcess(['stream', notation, '--target', `127.0.0.1:${host.port}`]);

    it('is inconclusive behind a wait, and says what was not checked', async () => {
      const { exitCode, stdout } = await stream('client*3 wait(30d) client*2');
      expect(exitCode).to.equal(4);
      expect(stdout).to.include('3 requests').and.include('wait(30d) and all behind it is not checked');
    });

    it('is inconclusive where it had counted before', async () => {
      expect((await stream('client*3')).exitCode).to.equal(0);
      const { exitCode, stdout } = await stream('client*3');
      expect(exitCode).to.equal(4);
      expect(stdout).to.include('is it fresh?').and.include('had counted machines before');
    });
  });

  it('fails where a fresh host counts otherwise, with the first difference explained', async () => {
    const host = await startLabHost({ profile: PROFILES['vista-2008'] });
    try {
      const { exitCode, stdout } = await runInProcess([
        'stream',
        'client*3 virtual client',
        '--target',
        `127.0.0.1:${host.port}`,
      ]);
      expect(exitCode).to.equal(1);
      expect(stdout).to.include('virtual 1 received 3, the model says 4');
      expect(stdout).to.include('as if this request were not counted');
      expect(stdout).to.match(/^4 +virtual 1 .*<- differs$/m);
    } finally {
      await host.close();
    }
  });
});
