import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport, type Report } from '../../../reports/results/model';
import { CATALOGUE, SUITES } from '../../../scenarios/catalogue';
import { scenarioFiles } from '../../../scenarios/files';
import { startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { listScenarios } from '../../jobs/suite/mocha-run';
import { requirementsMarkdown } from '../reference/requirements-markdown';
import { type InProcessRun, runInProcess } from '../testing/in-process';

describe('kmsspec run', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-run-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (...argv: string[]): Promise<InProcessRun> => runInProcess(['run', ...argv], { cwd: folder });
  const jsonOf = async (...argv: string[]): Promise<{ report: Report; exitCode: number }> => {
    const { stdout, exitCode } = await run(...argv, '--json', '-');
    return { report: parseReport(stdout), exitCode };
  };

  it('exits 0 where all that was selected holds, and says so', async () => {
    const { exitCode, stdout, stderr } = await run('CNT', 'MSG-01', '--seed', '4', '--quiet');
    expect([exitCode, stderr]).to.deep.equal([0, '']);
    expect(stdout)
      .to.match(/PASSED/)
      .and.match(/seed 4/);
  });

  it('exits 1 for a failure of a level that decides, 0 for one of another', async () => {
    expect((await run('CNT-14', '--fault', 'applications-together')).exitCode).to.equal(0);
    expect(
      (await run('CNT-14', '--fault', 'applications-together', '--fail-on', 'OBSERVED')).exitCode,
    ).to.equal(1);
    expect((await run('CNT-07', '--fault', 'servers-apart')).exitCode).to.equal(1);
  });

  it('gives a command line that repeats the failure', async () => {
    const { report } = await jsonOf('CNT', '--fault', 'servers-apart', '--shuffle', '--seed', '11');
    const failure = report.results.find(({ id }) => id === 'CNT-07')!;
    expect(failure.repeat).to.equal('kmsspec run CNT-07 --fault servers-apart --seed 11');
    const again = await jsonOf(...failure.repeat!.split(' ').slice(2));
    const [repeated] = again.report.results;
    expect(repeated).to.include({ id: 'CNT-07', outcome: 'failed', failureClass: failure.failureClass! });
    expect(repeated!.message).to.equal(failure.message);
  });

  it('exits 2 for words and options that name nothing, with what may be meant', async () => {
    expect(await run('CNT-21')).to.include({ exitCode: 2 });
    expect((await run('CNT-21')).stderr).to.match(/did you mean CNT-\d\d\?/);
    expect((await run('--fault', 'half-cmidd')).stderr).to.match(/did you mean half-cmid\?/);
    expect((await run('--fault', 'half-cmid', '--target', '127.0.0.1:1')).exitCode).to.equal(2);
    expect((await run('--update-baseline')).stderr).to.match(/needs --baseline/);
    expect((await run('--scenarios', 'no-such-folder')).exitCode).to.equal(2);
  });

  it('exits 3 for a target that cannot be reached, in one line', async () => {
    const { exitCode, stderr } = await run('CNT', '--target', '127.0.0.1:1');
    expect(exitCode).to.equal(3);
    expect(stderr).to.match(/^kmsspec: 127\.0\.0\.1:1 refused the connection[^\n]*\n$/);
  });

  it('exits 4 where nothing was conclusive', async () => {
    expect((await run('TIME-04')).exitCode).to.equal(4);
    expect((await run('CNT-01', '--exclude', 'CNT')).exitCode).to.equal(4);
  });

  it('reports excluded requirements, and shards that make the whole', async () => {
    const { report } = await jsonOf('MSG-01', 'MSG-02', '--exclude', 'MSG-02');
    expect(report.results.map(({ outcome }) => outcome)).to.deep.equal(['passed', 'excluded']);
    const parts = await Promise.all([1, 2].map((index) => jsonOf('MSG', '--shard', `${index}/2`)));
    const ids = parts.flatMap(({ report: part }) => part.results.map(({ id }) => id)).sort();
    expect(ids).to.deep.equal(CATALOGUE.map(({ id }) => id as string).filter((id) => id.startsWith('MSG')));
    expect(parts[0]!.report.run.shard).to.deep.equal({ index: 1, of: 2 });
  });

  it('repeats, and says what every attempt came to', async () => {
    const { report } = await jsonOf('MSG-01', '--repeat', '3');
    expect(report.results[0]!.attempts).to.have.length(3);
  });

  it('writes a baseline, expects what it knows, and tells what changed or holds', async () => {
    const fault = ['CNT-07', 'CNT-01', '--fault', 'servers-apart'];
    expect((await run(...fault, '--baseline', 'known.yaml', '--update-baseline')).exitCode).to.equal(0);
    const known = join(folder, 'known.yaml');
    writeFileSync(known, readFileSync(known, 'utf8').replace(/reason: .*/, 'reason: two tables, OPS-7'));
    const again = await jsonOf(...fault, '--baseline', 'known.yaml', '--update-baseline');
    expect(again.exitCode).to.equal(0);
    const expected = again.report.results.find(({ id }) => id === 'CNT-07');
    expect(expected).to.include({ outcome: 'expected-failure', reason: 'two tables, OPS-7' });
    const healed = await jsonOf('CNT-07', '--baseline', 'known.yaml');
    expect(healed.exitCode).to.equal(1);
    expect(healed.report.results[0]).to.include({ outcome: 'unexpected-pass', baseline: 'fixed' });
    const other = await jsonOf('CNT-07', '--fault', 'refuses-below-threshold', '--baseline', 'known.yaml');
    expect(other.report.results[0]).to.include({ outcome: 'failed', baseline: 'changed' });
  });

  it('refuses a baseline that knows an id that nobody has', async () => {
    const entry = '{ id: CNT-99, outcome: failed, reason: x }';
    writeFileSync(join(folder, 'odd.yaml'), `schema: kmsspec.baseline/1\nentries: [${entry}]\n`);
    const { exitCode, stderr } = await run('CNT-01', '--baseline', 'odd.yaml');
    expect(exitCode).to.equal(2);
    expect(stderr).to.match(/odd\.yaml: CNT-99 is an unknown requirement: did you mean CNT-/);
  });

  it('tells where a target comes from that --fault cannot bear on', async () => {
    writeFileSync(join(folder, 'named.yaml'), 'target: 127.0.0.1:1\n');
    const { exitCode, stderr } = await run('CACHE', '--fault', 'cap-49', '--config', 'named.yaml');
    expect(exitCode).to.equal(2);
    expect(stderr).to.match(/named\.yaml names the target 127\.0\.0\.1:1: .*--config/);
  });

  it('refuses a control whose program is not there before anything is asked', async () => {
    writeFileSync(
      join(folder, 'gone.yaml'),
      'target: 127.0.0.1:1\ncontrols: { reset: ["./gone", "reset"] }\n',
    );
    const { exitCode, stderr } = await run('CNT-01', '--config', 'gone.yaml');
    expect(exitCode).to.equal(2);
    expect(stderr).to.match(/gone\.yaml: controls\.reset: there is no program .*gone/);
    expect((await run('CNT-01', '--config', 'gone.yaml', '--target', '127.0.0.1:1')).exitCode).to.equal(2);
  });

  it('says in its verdict what could not be checked though the rest holds', async () => {
    const host = await startLabHost({});
    try {
      const reset = ['sh', '-c', 'exit 1'];
      writeFileSync(join(folder, 'fails.yaml'), JSON.stringify({ controls: { reset } }));
      const target = ['--config', 'fails.yaml', '--target', `127.0.0.1:${host.port}`];
      const { exitCode, stdout } = await run('CNT-01', 'MSG-01', ...target);
      expect(exitCode).to.equal(0);
      expect(stdout).to.match(/^PASSED .*1 not checked\.$/m);
    } finally {
      await host.close();
    }
  });

  it('runs scenarios of one’s own beside its own', async () => {
    const requirementModule = JSON.stringify(join(packageRoot(), 'scenarios'));
    const own = join(folder, 'own.spec.ts');
    writeFileSync(
      own,
      `import { client, expect, requirement, type RequirementEntry } from ${requirementModule};
const mine: RequirementEntry = { id: 'ACME-01', level: 'MUST', title: 'answers our client', sources: ['our contract'] };
requirement(mine, { parallel: true }, async ({ host }) => {
  expect((await host.activate(client())).count).to.be.at.least(1);
});
`,
    );
    const { report, exitCode } = await jsonOf('ACME', 'MSG-01', '--scenarios', '.');
    expect(exitCode).to.equal(0);
    expect(report.results.map(({ id, outcome }) => `${id} ${outcome}`)).to.deep.equal([
      'MSG-01 passed',
      'ACME-01 passed',
    ]);
    writeFileSync(own, `before(() => {});\n`);
    expect((await run('--scenarios', '.')).stderr).to.match(/takes no hook/);
    writeFileSync(own, `it('stands alone', () => {});\n`);
    expect((await run('--scenarios', '.')).stderr).to.match(/is no requirement/);
    writeFileSync(own, `throw new Error('broken on purpose');\n`);
    expect((await run('--scenarios', '.')).stderr).to.match(/cannot be loaded: broken on purpose/);
    rmSync(own);
  });
});

describe('kmsspec list', () => {
  const list = (...argv: string[]): Promise<InProcessRun> => runInProcess(['list', ...argv]);

  it('lists everything in every format', async () => {
    for (const what of ['requirements', 'scenarios', 'faults', 'profiles', 'products']) {
      for (const format of ['text', 'json', 'markdown']) {
        const { exitCode, stdout } = await list(what, '--format', format);
        expect(exitCode, `${what} as ${format}`).to.equal(0);
        expect(stdout.length, `${what} as ${format}`).to.be.above(100);
      }
    }
    const { stdout } = await list('requirements', '--format', 'json');
    expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)).to.deep.equal(
      CATALOGUE.map(({ id }) => id),
    );
  });

  it('tells what there is no list of', async () => {
    const { exitCode, stderr } = await list('fault');
    expect([exitCode, stderr]).to.deep.equal([
      2,
      'kmsspec: there is no list of fault: did you mean faults?\n',
    ]);
  });
});

describe('the catalogue', () => {
  it('stands in docs/requirements.md as it is (kmsspec list --format markdown)', () => {
    const written = readFileSync(join(packageRoot(), 'docs', 'requirements.md'), 'utf8');
    expect(written).to.equal(requirementsMarkdown(CATALOGUE, SUITES));
  });

  it('has each id once, in suites that are named', () => {
    const ids = CATALOGUE.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(new Set(ids.map((id) => id.split('-')[0]))).to.deep.equal(new Set(Object.keys(SUITES)));
  });

  it('has a scenario for each requirement, or says why not', async () => {
    const scenarios = new Set((await listScenarios(scenarioFiles())).map(({ entry }) => entry.id));
    const without = CATALOGUE.filter(({ id }) => !scenarios.has(id));
    expect(without.filter(({ noScenario }) => noScenario === undefined).map(({ id }) => id)).to.deep.equal(
      [],
    );
    const both = CATALOGUE.filter(({ id, noScenario }) => scenarios.has(id) && noScenario !== undefined);
    expect(both.map(({ id }) => id)).to.deep.equal([]);
  });
});
