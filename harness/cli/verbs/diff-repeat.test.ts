import { expect } from 'chai';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_KEY } from '../../../protocol';
import { type Finding, parseReport } from '../../../reports/results/model';
import { type LabHost, type LabHostOptions, startLabHost } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { packageRoot } from '../../support/package-root';
import { shellWords } from '../testing/documented-commands';
import { runInProcess } from '../testing/in-process';

const CORPUS = join(packageRoot(), 'captures', 'corpus');
/** What repeats a comparison must not be where it was made. */
const ELSEWHERE = tmpdir();

/** Virtual machines count for nothing. */
const OWN_PROFILE = { ...PROFILES['win7-2008r2'], name: 'own', countsVirtualMachines: false };

describe('a difference that is repeated', function () {
  this.timeout(120_000);

  let folder: string;
  const hosts: LabHost[] = [];
  const host = async (options: LabHostOptions): Promise<string> => {
    const started = await startLabHost(options);
    hosts.push(started);
    return `127.0.0.1:${started.port}`;
  };

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'kmsspec-diff-')));
    writeFileSync(join(folder, 'lab.key'), Buffer.from(LAB_KEY).toString('hex'));
  });
  afterEach(async () => {
    for (const one of hosts.splice(0)) await one.close();
    rmSync(folder, { recursive: true });
  });

  const differing = async (argv: readonly string[], cwd = folder): Promise<Finding> => {
    const { exitCode, stdout, stderr } = await runInProcess([...argv, '--json', '-', '--quiet'], { cwd });
    expect(exitCode, stderr).to.equal(1);
    return parseReport(stdout).findings![0]!;
  };
  const words = (line: string): string[] => {
    const [program, ...rest] = shellWords(line);
    expect(program).to.equal('kmsspec');
    return rest;
  };

  it('is shown by the line that it prints, from any folder, by a key that nobody else has', async () => {
    const [a, b] = [await host({}), await host({ faults: ['zero-mac'] })];
    const given = ['--mac-key', 'lab.key', '--profile', 'vista-2008', '--allow-remote', '--timeout', '4000'];
    const compared = ['--levels', 'message,stub', '--ignore', 'header.drep', '--ignore', 'epid', '--timing'];
    const bounds = ['--corpus', CORPUS, '--time', '20s', '--runs', '5', '--stop-on-difference'];
    const argv = ['diff', a, b, ...given, ...compared, ...bounds, '--key-group', 'any', '--seed', '7'];
    const first = await differing(argv);
    expect(words(first.repeat)).to.deep.equal(
      argv.map((word) => (word === 'lab.key' ? join(folder, word) : word)),
    );
    const again = await differing(words(first.repeat), ELSEWHERE);
    expect(again).to.include({ id: first.id, message: first.message });
    const { stdout } = await runInProcess(argv, { cwd: folder });
    expect(stdout).to.include(`\n  ${first.repeat}\n`);
  });

  it('is shown alone by what was saved of it, still, and no more once it is mended', async () => {
    const [a, b] = [await host({}), await host({ faults: ['zero-mac'] })];
    const out = ['--stop-on-difference', '--out', 'differences', '--time', '20s'];
    const first = await differing(['diff', a, b, '--mac-key', 'lab.key', ...out]);
    const place = join(folder, 'differences', first.id);
    const line = ['diff', a, b, '--replay', place, '--mac-key', join(folder, 'lab.key')];
    expect(words(first.repeat)).to.deep.equal(line);
    const again = await differing(words(first.repeat), ELSEWHERE);
    expect(again).to.include({ id: first.id, state: 'still-failing', repeat: first.repeat });
    const told = await runInProcess(line, { cwd: ELSEWHERE });
    expect(told.stdout).to.match(
      /^differs-\w+: still differs \(seen in 10 of 10 tries\)\n {2}sent: .*\n {2}MAC: /,
    );
    // By its id too, and by its file.
    for (const named of [first.id, join('differences', first.id, 'difference.json')]) {
      const mended = await runInProcess(
        ['diff', a, a, '--replay', named, '--out', 'differences', '--attempts', '2'],
        { cwd: folder },
      );
      expect(mended.exitCode).to.equal(0);
      expect(mended.stdout).to.include(`${first.id}: differs no more (seen in 0 of 2 tries)`);
    }
  });

  it('is shown alone among what always differs, as it was found', async () => {
    const b = 'lab:activation-interval-60,wrong-opnum-status';
    const argv = ['diff', 'lab', b, '--out', 'differences', '--runs', '0', '--seed', '1'];
    const { stdout } = await runInProcess([...argv, '--json', '-', '--quiet'], { cwd: folder });
    const { findings = [] } = parseReport(stdout);
    expect(findings.length).to.be.greaterThan(1);
    for (const { id, repeat } of findings)
      expect((await differing(words(repeat), ELSEWHERE)).id).to.equal(id);
  });

  it('of a host that dies of it shows again, though nobody restarts that', async () => {
    const out = ['--out', 'differences', '--stop-on-difference', '--time', '30s'];
    const first = await differing(['diff', 'lab', 'lab:dies-of-refusal-then-renewal', ...out]);
    const [a, b] = [await host({}), await host({ faults: ['dies-of-refusal-then-renewal'] })];
    const again = await differing(['diff', a, b, '--replay', first.id, '--out', 'differences']);
    expect(again).to.include({ id: first.id, state: 'still-failing' });
    const gone = await runInProcess(['diff', a, b, '--replay', first.id, '--out', 'differences'], {
      cwd: folder,
    });
    expect(gone.exitCode).to.equal(3);
  });

  it('in how hosts take applications shows again as such', async () => {
    const habit = 'lab:refuses-unknown-applications';
    const out = ['--out', 'differences', '--stop-on-difference', '--time', '20s'];
    const first = await differing(['diff', 'lab', habit, ...out]);
    const again = await differing(words(first.repeat), ELSEWHERE);
    expect(again).to.include({ id: first.id, state: 'still-failing', message: first.message });
  });

  it('names configurations and profiles by their whole paths', async () => {
    const address = await host({});
    writeFileSync(join(folder, 'old.yaml'), `target: ${address}\n`);
    mkdirSync(join(folder, 'profiles'));
    writeFileSync(join(folder, 'profiles', 'own.yaml'), JSON.stringify(OWN_PROFILE));
    const argv = ['diff', 'old.yaml', 'lab:profile=profiles/own.yaml', '--time', '20s', '--seed', '1'];
    const first = await differing([...argv, '--stop-on-difference']);
    expect(words(first.repeat).slice(0, 3)).to.deep.equal([
      'diff',
      join(folder, 'old.yaml'),
      `lab:profile=${join(folder, 'profiles/own.yaml')}`,
    ]);
    expect(await differing(words(first.repeat), ELSEWHERE)).to.include({ id: first.id });
  });

  it('is asked for where it lies', async () => {
    const problem = async (...argv: string[]): Promise<string> => {
      const { exitCode, stderr } = await runInProcess(['diff', 'lab', 'lab', ...argv], { cwd: folder });
      expect(exitCode).to.equal(2);
      return stderr;
    };
    expect(await problem('--replay', 'differs-00000000')).to.include('or give --out DIR and its id');
    expect(await problem('--replay', 'differs-00000000', '--out', 'x')).to.include(
      'no difference is saved there',
    );
    expect(await problem('--replay', 'lab.key')).to.include('is no difference of this version of kmsspec');
  });
});
