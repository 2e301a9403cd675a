import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInstalled, type RunOptions } from '../testing/installed';

interface Case {
  readonly says: string;
  readonly args: readonly string[];
  readonly code: number;
  readonly stderr?: RegExp;
  readonly options?: RunOptions;
}

/** A port of the loopback interface at which nothing listens: tcpmux, which no system starts. */
const NOBODY = '127.0.0.1:1';

const CASES: readonly Case[] = [
  { says: '0: all that was asked for holds', args: ['run', 'MSG-01'], code: 0 },
  { says: '0: a capture was read', args: ['inspect', 'captures/corpus/v4-refused.pcap'], code: 0 },
  { says: '0: a replay agrees', args: ['replay', 'captures/corpus/v4-threshold-clients.pcap'], code: 0 },
  { says: '1: a requirement failed', args: ['run', 'MSG-02', '--fault', 'nil-cmid'], code: 1 },
  {
    says: '0: a failure of a level that does not decide',
    args: ['run', 'MSG-02', '--fault', 'nil-cmid', '--fail-on', 'OBSERVED'],
    code: 0,
  },
  { says: '2: a verb that is none', args: ['rum'], code: 2, stderr: /Did you mean run/ },
  {
    says: '2: help for a verb that is none',
    args: ['help', 'foo'],
    code: 2,
    stderr: /unknown command 'foo'/,
  },
  { says: '0: help for a verb', args: ['help', 'replay'], code: 0 },
  {
    says: '1: a replay to an embedded host with a fault',
    args: ['replay', 'captures/corpus/v4-mixed-growth.pcap', '--fault', 'cap-49'],
    code: 1,
  },
  { says: '0: a list as md', args: ['list', 'profiles', '--format', 'md'], code: 0 },
  {
    says: '2: an option that is none',
    args: ['run', '--fualt', 'x'],
    code: 2,
    stderr: /Did you mean --fault/,
  },
  { says: '2: an id that is none', args: ['run', 'CNT-99'], code: 2, stderr: /did you mean/ },
  {
    says: '2: a file that is not there',
    args: ['inspect', 'no-such.pcap'],
    code: 2,
    stderr: /no-such\.pcap: there is no such file/,
  },
  {
    says: '2: a file that is no capture',
    args: ['inspect', 'package.json'],
    code: 2,
    stderr: /package\.json at byte 0/,
  },
  {
    says: '2: a remote target without leave',
    args: ['run', '--target', '192.0.2.1'],
    code: 2,
    stderr: /--allow-remote/,
  },
  {
    says: '3: a target that refuses',
    args: ['run', 'MSG-01', '--target', NOBODY],
    code: 3,
    stderr: /127\.0\.0\.1:1 refused the connection while connecting: nothing listens there/,
  },
  {
    says: '3: a replay to a target that refuses',
    args: ['replay', 'captures/corpus/v4-refused.pcap', '--target', NOBODY],
    code: 3,
    stderr: /refused/,
  },
  {
    says: '1: a host that the run killed, and that comes back by its control',
    args: ['run', 'ROB', '--fault', 'dies-of-huge-stub-size'],
    code: 1,
  },
  { says: '4: nothing was conclusive', args: ['run', 'DNS'], code: 4 },
  {
    says: '130: interrupted',
    args: ['host', '--port', '0'],
    code: 130,
    options: { interruptWhen: /listening on/ },
  },
];

describe('exit codes, through the built program', function () {
  this.timeout(60_000);

  for (const { says, args, code, stderr, options } of CASES) {
    it(`${says}: kmsspec ${args.join(' ')}`, async () => {
      const finished = await runInstalled(args, options);
      expect(finished.exitCode, finished.stdout + finished.stderr).to.equal(code);
      if (stderr !== undefined) expect(finished.stderr).to.match(stderr);
      expect(finished.stderr, 'a stack trace').not.to.match(/^\s+at .*:\d+:\d+/m);
    });
  }

  it('1: a regression between two reports, 0: none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-compare-'));
    const before = join(folder, 'before.json');
    const after = join(folder, 'after.json');
    await runInstalled(['run', 'CACHE-02', '--quiet', '--json', before]);
    await runInstalled(['run', 'CACHE-02', '--quiet', '--fault', 'cap-49', '--json', after]);
    expect((await runInstalled(['compare', before, after])).exitCode).to.equal(1);
    expect((await runInstalled(['compare', before, before])).exitCode).to.equal(0);
    rmSync(folder, { recursive: true });
  });

  it('1: an unexpected pass of a baseline entry', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-baseline-'));
    const baseline = join(folder, 'known.yaml');
    const entry = '  - { id: MSG-01, outcome: failed, reason: as long as the host answers 4.1 }\n';
    writeFileSync(baseline, `schema: kmsspec.baseline/1\nentries:\n${entry}`);
    const { exitCode, stdout } = await runInstalled(['run', 'MSG-01', '--baseline', baseline]);
    expect(stdout).to.match(/unexpected pass/);
    expect(exitCode).to.equal(1);
    rmSync(folder, { recursive: true });
  });
});
