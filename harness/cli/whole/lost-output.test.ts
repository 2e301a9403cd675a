import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

import { parseReport } from '../../../reports/results/model';
import { corpus, WorkFolder } from '../testing/capture-verbs';
import { FailingOutput } from '../testing/failing-output';

const CAPTURE = corpus('v4-refused');
const GOOD = ['run', 'MSG-01'];
const BAD = ['run', 'MSG-01', '--fault', 'answers-as-4-1'];
/** Command lines, what they come to where all is well, and whether a program reads their standard output. */
const LINES: readonly (readonly [argv: readonly string[], code: number, isData: boolean])[] = [
  [GOOD, 0, false],
  [BAD, 1, false],
  [[...GOOD, '--json', '-'], 0, true],
  [[...BAD, '--json', '-'], 1, true],
  [['stream', 'client*3', '--markdown', '-'], 0, true],
  [['inspect', CAPTURE], 0, false],
  [['inspect', CAPTURE, '--csv', '-'], 0, true],
  [['list', 'faults'], 0, false],
  [['dissector'], 0, false],
];

describe('an output that is lost', () => {
  const folder = new WorkFolder();

  for (const [argv, code, isData] of LINES) {
    for (const errno of ['EPIPE', 'ENOSPC'] as const) {
      for (const room of [0, 40]) {
        it(`${argv.map((word) => word.split('/').at(-1)).join(' ')}: ${errno} behind ${room} octets`, async () => {
          const { exitCode, stderr } = await folder.run(argv, { stdout: new FailingOutput(errno, room) });
          const isForgiven = code !== 0 || (errno === 'EPIPE' && !isData);
          expect(exitCode, stderr).to.equal(isForgiven ? code : 2);
          const lines = stderr.trimEnd().split('\n');
          expect(lines.filter((line) => line.startsWith('kmsspec: '))).to.have.length(1);
          expect(stderr)
            .to.match(/standard output/)
            .and.not.match(/\n {4}at /);
        });
      }
    }
  }

  it('keeps no report in a file from being written', async () => {
    const argv = [...BAD, '--json', 'r.json', '--markdown', '-'];
    const { exitCode } = await folder.run(argv, { stdout: new FailingOutput('EPIPE', 0) });
    expect(exitCode).to.equal(1);
    expect(parseReport(readFileSync(folder.file('r.json'), 'utf8')).summary.failed).to.equal(1);
  });

  for (const [argv, code] of [
    [GOOD, 2],
    [BAD, 1],
  ] as const) {
    it(`leaves the other forms and the exit code ${code} where one form cannot be written`, async () => {
      const { exitCode, stdout, stderr } = await folder.run(
        [...argv, '--json', '/dev/full', '--junit', 'r.xml', '--pcap', 'r.pcap'],
        {},
      );
      expect(exitCode, stderr).to.equal(code);
      expect(stderr).to.match(/^kmsspec: \/dev\/full cannot be written \(the disk is full\)[^\n]*\n$/);
      expect([existsSync(folder.file('r.xml')), existsSync(folder.file('r.pcap'))]).to.deep.equal([
        true,
        true,
      ]);
      expect(stdout).to.contain('MSG');
    });

    it(`is a capture whose reader goes away: the exit code ${code} and the report stay`, async function () {
      if (process.platform === 'win32') return;
      execFileSync('mkfifo', [folder.file('fifo')]);
      const reader = spawn('head', ['-c', '200', folder.file('fifo')], { stdio: 'ignore' });
      const { exitCode, stderr } = await folder.run([...argv, '--pcap', 'fifo', '--json', 'r.json'], {});
      expect(exitCode, stderr).to.equal(code);
      expect(stderr).to.match(/fifo cannot be written \(its reader went away\)/);
      expect(existsSync(folder.file('r.json'))).to.equal(true);
      reader.kill();
    });
  }

  it('is told before anything is sent where that can be known', async () => {
    const { exitCode } = await folder.run([...GOOD, '--pcap', '/dev/full', '--json', 'r.json'], {});
    expect([exitCode, existsSync(folder.file('r.json'))]).to.deep.equal([2, false]);
  });
});
