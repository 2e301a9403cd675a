import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { packageRoot } from '../../support/package-root';
import { runInProcess } from '../testing/in-process';

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
const BEFORE = 'what was there before\n';

/** Each writes a file of some kilobytes and more. */
const WRITERS: Readonly<Record<string, (file: string) => string[]>> = {
  'a JSON report': (file) => ['run', 'MSG', '--json', file],
  'a JUnit report': (file) => ['run', 'MSG', '--junit', file],
  'a web page': (file) => ['run', 'MSG', '--html', file],
  'a Markdown report': (file) => ['run', '--quiet', '--markdown', file],
  'a recording': (file) => ['stream', 'client*300', '--pcap', file],
  'an anonymised capture': (file) => ['anonymise', CAPTURE, file],
};

/** A file system of 64 KB in memory. Mounting one takes root, as CI has it: without, the test fails and says so. */
describe('a full disk', () => {
  let disk: string;
  before(() => {
    disk = mkdtempSync(join(tmpdir(), 'kmsspec-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  });
  after(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });
  afterEach(() => {
    for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
  });

  /** Takes all that is left. */
  const fill = (): void => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));
  };

  for (const [what, argv] of Object.entries(WRITERS)) {
    it(`leaves what stood there as it was where ${what} does not fit, and names the file`, async () => {
      const file = join(disk, 'out');
      writeFileSync(file, BEFORE);
      fill();
      const { exitCode, stderr } = await runInProcess(argv(file));
      expect(exitCode, stderr).to.equal(2);
      expect(stderr).to.contain(`${file} cannot be written (the disk is full)`);
      expect(stderr.trimEnd().split('\n').length, stderr).to.be.at.most(2);
      expect(readFileSync(file, 'utf8')).to.equal(BEFORE);
      expect(readdirSync(disk).sort()).to.deep.equal(['filler', 'out']);
    });
  }

  it('takes no finding from a campaign: the report has it, and says what could not be written', async () => {
    const out = join(disk, 'out');
    const { bavail, bsize } = statfsSync(disk);
    // Room for the beginning of a journal.
    writeFileSync(join(disk, 'filler'), Buffer.alloc((bavail - 1) * bsize));
    const line = 'fuzz --runs 600 --seed 4 --quiet --json - --fault own-previous-cmid-forgets --out';
    const { exitCode, stdout, stderr } = await runInProcess([...line.split(' '), out]);
    expect(exitCode, stderr).to.equal(1);
    const { run, findings, coverage } = parseReport(stdout);
    expect(coverage!.cases).to.equal(600);
    expect(findings!.map(({ oracle }) => oracle)).to.include('count');
    expect(run.warnings!.join('\n'))
      .to.match(/the finding count-\w+ could not be saved \(.*disk is full|ENOSPC/)
      .and.match(/the journal could not be written \(/);
  });
});
