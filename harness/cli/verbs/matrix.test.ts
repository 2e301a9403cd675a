import { expect } from 'chai';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manyRuns } from '../../../reports/testing/sample-history';
import { runInProcess } from '../testing/in-process';

describe('matrix', () => {
  let folder: string;
  const at = (...names: string[]): string => join(folder, ...names);
  const matrix = (...argv: string[]) => runInProcess(['matrix', ...argv], { cwd: folder });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-matrix-'));
    for (const [index, { report }] of manyRuns(3, 10).entries()) {
      writeFileSync(at(`${index}.json`), JSON.stringify(report));
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('writes a site, the same again in the same folder, and says what it is of', async () => {
    const first = await matrix('2.json', '0.json', '1.json', '--out', 'deep/site');
    expect([first.exitCode, first.stderr]).to.deep.equal([0, '']);
    expect(first.stdout).to.equal(
      'deep/site/index.html: 1 host, 3 runs, 10 requirements; 1 newly failing or failing in another way in the last run\n',
    );
    const files = readdirSync(at('deep/site'));
    expect(files)
      .to.have.length(3 + 5)
      .and.include.members(['index.html', 'compare.html', 'badge.json']);
    const read = () => files.map((name) => readFileSync(at('deep/site', name), 'utf8'));
    const before = read();
    await matrix('0.json', '1.json', '2.json', '--out', 'deep/site');
    expect(readdirSync(at('deep/site'))).to.deep.equal(files);
    // Files are named as they were given, in whatever order: nothing else is of the call.
    expect(read()).to.deep.equal(before);
  });

  it('judges by the levels that it is told', async () => {
    // Of these five, one of level DESIGN failed.
    writeFileSync(at('five.json'), JSON.stringify(manyRuns(1, 5)[0]!.report));
    const badge = async (site: string, ...levels: string[]): Promise<unknown> => {
      await matrix('five.json', '--out', site, ...levels);
      return (JSON.parse(readFileSync(at(site, 'badge.json'), 'utf8')) as { message: string }).message;
    };
    expect(await badge('usual')).to.equal('failed, 3 of 5 passed');
    expect(await badge('lenient', '--fail-on', 'OBSERVED')).to.equal('3 of 5 passed');
  });

  it('counts a file that is given twice once, and says so', async () => {
    const { exitCode, stdout, stderr } = await matrix('0.json', './0.json', '--out', 'twice');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/: 1 host, 1 run, 10 requirements;/);
    expect(stderr).to.equal('kmsspec: ./0.json holds the same run as 0.json, which is counted once\n');
  });

  it('names the file that is no report, and writes no site', async () => {
    writeFileSync(at('text'), 'no JSON');
    writeFileSync(at('other.json'), '{"schema":"kmsspec.history/1"}');
    const { report } = manyRuns(1, 3)[0]!;
    writeFileSync(at('cut.json'), JSON.stringify(report).slice(0, -20));
    writeFileSync(at('fuzz.json'), JSON.stringify({ ...report, run: { ...report.run, verb: 'fuzz' } }));
    const timeless = { ...report, run: { ...report.run, startedAt: 'soon' } };
    writeFileSync(at('timeless.json'), JSON.stringify(timeless));
    for (const [file, says] of [
      ['text', /^kmsspec: text: no JSON/],
      ['other.json', /^kmsspec: other\.json, schema: expected "kmsspec\.report\/1"/],
      ['cut.json', /^kmsspec: cut\.json: no JSON/],
      ['fuzz.json', /^kmsspec: fuzz\.json, run\.verb: is fuzz, .*kmsspec run/],
      ['timeless.json', /^kmsspec: timeless\.json, run\.startedAt: is no time/],
      ['none.json', /^kmsspec: none\.json cannot be read \(there is no such file\)/],
    ] as const) {
      const { exitCode, stderr, stdout } = await matrix('0.json', file, '--out', 'none');
      expect([exitCode, stdout], file).to.deep.equal([2, '']);
      expect(stderr)
        .to.match(says)
        .and.match(/^[^\n]*\n$/);
      expect(existsSync(at('none'))).to.equal(false);
    }
  });

  it('leaves the page of somebody else, and what is no folder, alone', async () => {
    mkdirSync(at('home'));
    writeFileSync(at('home/index.html'), '<h1>my page</h1>');
    const page = await matrix('0.json', '--out', 'home');
    expect([page.exitCode, readdirSync(at('home'))]).to.deep.equal([2, ['index.html']]);
    expect(page.stderr).to.match(
      /^kmsspec: --out home holds an index\.html that kmsspec matrix did not write/,
    );
    const file = await matrix('0.json', '--out', '1.json/site');
    expect(file.exitCode).to.equal(2);
    expect(file.stderr).to.match(/^kmsspec: --out 1\.json\/site cannot be made a folder/);
  });

  it('takes no call without a folder or without reports', async () => {
    expect((await matrix('0.json')).exitCode).to.equal(2);
    expect((await matrix('--out', 'empty')).exitCode).to.equal(2);
    expect(existsSync(at('empty'))).to.equal(false);
  });
});
