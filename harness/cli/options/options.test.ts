import { expect } from 'chai';
import { Command } from 'commander';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { CaptureError, type CaptureErrorDetails } from '../../../captures/capture-error';
import { HostFailure } from '../../client';
import { packageRoot } from '../../support/package-root';
import { describeError } from '../output/describe-error';
import {
  addReportOptions,
  addSelectionOptions,
  addTargetOptions,
  resolveSettings,
  type Settings,
} from './options';
import type { CliContext } from '../verb';

describe('common options', () => {
  let cwd: string;
  beforeEach(async () => (cwd = await mkdtemp(join(tmpdir(), 'options-test-'))));
  afterEach(() => rm(cwd, { recursive: true }));

  const resolved = (...argv: string[]): Promise<Settings> => {
    const command = addSelectionOptions(addReportOptions(addTargetOptions(new Command()))).exitOverride();
    command.configureOutput({ writeErr: () => undefined }).parse(argv, { from: 'user' });
    const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
    const context: CliContext = {
      stdin: Readable.from([]),
      stdout: sink,
      stderr: sink,
      env: {},
      cwd,
      isTerminal: false,
      color: false,
      signal: new AbortController().signal,
    };
    return resolveSettings(command.opts(), context);
  };

  it('have the documented defaults', async () => {
    const settings = await resolved();
    expect(settings).to.include({
      target: undefined,
      allowRemote: false,
      timeoutMs: 15_000,
      seedGiven: false,
    });
    expect(settings.profile.name).to.equal('win7-2008r2');
    expect(settings.failOn).to.deep.equal(['MUST', 'DESIGN']);
    expect(settings.seed).to.be.within(0, 0x7fffffff);
  });

  it('win over the configuration, which is read from the working directory', async () => {
    await writeFile(
      join(cwd, 'kmsspec.yaml'),
      'target: from.file\nprofile: vista-2008\nkeyGroup: r2-c\nexclude: [{id: A, reason: b}]',
    );
    const file = await resolved();
    expect([file.target, file.profile.name, file.keyGroup]).to.deep.equal([
      'from.file',
      'vista-2008',
      'r2-c',
    ]);
    const flags = await resolved(
      '--target',
      '::1',
      '--profile',
      'win7-2008r2',
      '--key-group',
      'any',
      '--exclude',
      'B,C',
      '--exclude',
      'D',
    );
    expect([flags.target, flags.profile.name, flags.keyGroup]).to.deep.equal(['::1', 'win7-2008r2', 'any']);
    expect(flags.exclude.map(({ id }) => id)).to.deep.equal(['A', 'B', 'C', 'D']);
  });

  it('read numbers, levels and shards strictly', async () => {
    const settings = await resolved(
      '--seed',
      '42',
      '--timeout',
      '250',
      '--fail-on',
      'must,Observed',
      '--shard',
      '2/3',
    );
    expect(settings).to.deep.include({
      seed: 42,
      seedGiven: true,
      timeoutMs: 250,
      shard: { index: 2, of: 3 },
    });
    expect(settings.failOn).to.deep.equal(['MUST', 'OBSERVED']);
    const wrong = [
      '--seed=1e3',
      '--seed=-1',
      '--seed=4294967296',
      '--timeout=0',
      '--timeout=9999999999',
      '--fail-on=MAY',
    ];
    wrong.push('--shard=0/3', '--shard=4/3', '--shard=1', '--exclude=a,,b', '--key-group=r3');
    for (const option of wrong) {
      let failed = false;
      await Promise.resolve()
        .then(() => resolved(option))
        .catch(() => (failed = true));
      expect(failed, option).to.equal(true);
    }
  });

  it('read the key file that is named', async () => {
    await writeFile(join(cwd, 'key'), '00112233445566778899aabbccddeeff01234567');
    const { macKey } = await resolved('--mac-key', 'key');
    expect(macKey).to.have.length(20);
  });

  it('take one report on standard output, not two', async () => {
    expect((await resolved('--json', '-', '--html', 'r.html')).reports).to.deep.include({
      json: '-',
      html: join(cwd, 'r.html'),
    });
    const error = await resolved('--json', '-', '--junit', '-').then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error?.message).to.contain('cannot both go to standard output');
  });

  it('take no two forms in one file, and no form twice', async () => {
    const refusal = async (...argv: string[]): Promise<string> => {
      try {
        await resolved(...argv);
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(await refusal('--json', 'r.out', '--html', './r.out')).to.match(
      /--json and --html would both write/,
    );
    expect(await refusal('--json', 'a.json', '--json', 'b.json')).to.match(/given twice/);
  });

  it('take a label that fits beside a date, and refuse one that says nothing', async () => {
    expect((await resolved('--label', ' host 1.4 ')).label).to.equal('host 1.4');
    expect((await resolved()).label).to.equal(undefined);
    for (const text of ['', ' ', 'x'.repeat(61)]) {
      expect(() => void resolved('--label', text), JSON.stringify(text)).to.throw(/1 to 60 characters/);
    }
  });
});

describe('describeError', () => {
  it('gives a failed host exit code 3, and says what to do', () => {
    const endpoint = { host: '::1', port: 1688 };
    const failure = new HostFailure({
      kind: 'refused',
      stage: 'connect',
      endpoint,
      what: 'refused the connection',
    });
    expect(describeError(failure)).to.deep.equal({
      exitCode: 3,
      message: '[::1]:1688 refused the connection, while connecting: check the port, and that the host runs',
    });
  });

  it('asks to report what is no error of a known kind', () => {
    expect(describeError(new TypeError('x is not a function')).message).to.contain('please report this');
    expect(describeError('text').exitCode).to.equal(2);
  });

  it('says where a capture is that the docs name, and of no other', () => {
    const missing = (file: string): string => {
      const cause = Object.assign(new Error('gone'), { code: 'ENOENT' });
      const details = {
        code: 'unreadable',
        file,
        offset: 0,
        problem: 'there is no such file; check the path',
      };
      return describeError(new CaptureError(details as CaptureErrorDetails, { cause })).message;
    };
    const named = 'captures/corpus/v4-refused.pcap';
    expect(missing(named)).to.equal(
      `${named}: there is no such file; check the path. kmsspec brings one: ${join(packageRoot(), named)}`,
    );
    expect(missing('captures/corpus/other.pcap')).to.match(/check the path$/);
    expect(missing('/captures/corpus/v4-refused.pcap')).to.match(/check the path$/);
  });
});
