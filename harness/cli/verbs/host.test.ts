import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { countOf } from '../../lab-host/testing/tcp';
import { runCli } from '../program';
import { runInProcess } from '../testing/in-process';

interface Running {
  readonly port: number;
  readonly control: number;
  readonly line: string;
  output(): string;
  end(): Promise<number>;
}

const running: Running[] = [];

/** Runs `kmsspec host` until `end`, as a signal would end it. */
async function startHost(...argv: string[]): Promise<Running> {
  const interruption = new AbortController();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let text = '';
  const listening = new Promise<void>((resolve) => {
    stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve();
    });
  });
  const exit = runCli(['host', '--port', '0', '--control', '0', ...argv], {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: {},
    cwd: process.cwd(),
    isTerminal: false,
    color: false,
    signal: interruption.signal,
  });
  const early = exit.then((code) => {
    throw new Error(`kmsspec host ended with ${code}: ${String(stderr.read())}`);
  });
  early.catch(() => {});
  await Promise.race([listening, early]);
  const [line] = text.split('\n') as [string];
  const host = {
    line,
    port: Number(/:(\d+),/.exec(line)![1]),
    control: Number(/controls on port (\d+)/.exec(line)![1]),
    output: () => text,
    end: () => {
      interruption.abort();
      return exit;
    },
  };
  running.push(host);
  return host;
}

describe('kmsspec host and ctl', () => {
  afterEach(async () => {
    for (const host of running.splice(0)) await host.end();
  });

  it('listens, logs, obeys its controls and ends when told to', async () => {
    const host = await startHost('--verbose', '--fault', 'nil-cmid', '--profile', 'vista-2008');
    expect(host.line).to.match(
      /^lab host listening on 127\.0\.0\.1:\d+, profile vista-2008, .*faults nil-cmid/,
    );
    const asked = { address: '127.0.0.1', port: host.port };
    expect([await countOf(asked, 1), await countOf(asked, 2)]).to.deep.equal([1, 2]);
    const control = String(host.control);
    expect(await runInProcess(['ctl', control, 'advance', '2678400'])).to.include({
      exitCode: 0,
      stderr: '',
    });
    expect(await countOf(asked, 3)).to.equal(1);
    expect(await runInProcess(['ctl', control, 'reset'])).to.include({ exitCode: 0, stdout: '' });
    expect(await countOf(asked, 4)).to.equal(1);
    const status = await runInProcess(['ctl', control, 'status']);
    expect(JSON.parse(status.stdout)).to.include({ alive: true, port: host.port });
    expect(host.output().match(/^0x0, 25, PC\d\.example\.test, /gm)).to.have.length(4);
    expect(await host.end()).to.equal(0);
    expect((await runInProcess(['ctl', control, 'reset'])).exitCode).to.equal(3);
  });

  it('takes the lines of persistent controls, and answers each with one', async () => {
    const host = await startHost();
    const asked = { address: '127.0.0.1', port: host.port };
    expect(await countOf(asked, 1)).to.equal(1);
    const stdin = ['observe\nres', 'et\n advance 60 \nfly\nadvance x\n', 'observe'];
    const { exitCode, stdout } = await runInProcess(['ctl', String(host.control), '-'], { stdin });
    const lines = stdout.trimEnd().split('\n');
    const [before, after] = [lines[0], lines[5]].map((line) => JSON.parse(line!.slice(3)) as object);
    expect(before).to.include({ currentCount: 1, requiredClientCount: 5, totalRequests: 1 });
    expect(after).to.include({ currentCount: 0, totalRequests: 1 });
    expect(lines.slice(1, 3)).to.deep.equal(['ok', 'ok']);
    expect(lines[3]).to.match(/^error unknown command/);
    expect(lines[4]).to.match(/^error advance takes a number of seconds/);
    expect([exitCode, lines.length]).to.deep.equal([0, 6]);
    await host.end();
    const gone = await runInProcess(['ctl', String(host.control), '-'], { stdin: ['reset\n'] });
    expect(gone.stdout).to.match(/^error ECONNREFUSED/);
  });

  it('takes the token of the start line, and no other', async () => {
    const host = await startHost();
    const token = /with token ([0-9a-f]{32})/.exec(host.line)![1]!;
    const ask = (word: string) => runInProcess(['ctl', String(host.control), 'status', '--token', word]);
    expect((await ask(token)).exitCode).to.equal(0);
    const other = await ask('0'.repeat(32));
    expect([other.exitCode, /the token of this control port was not given/.test(other.stderr)]).to.deep.equal(
      [3, true],
    );
    const none = await ask('secret');
    expect([none.exitCode, none.stderr.includes('secret')]).to.deep.equal([2, false]);
  });

  it('tells soon that the port of the KMS service takes no commands', async () => {
    const host = await startHost();
    const started = performance.now();
    const { exitCode, stderr } = await runInProcess(['ctl', String(host.port), 'reset']);
    expect([exitCode, performance.now() - started < 2000]).to.deep.equal([3, true]);
    expect(stderr).to.contain(`${host.port} is no control port`);
  });

  it('tells a port in use', async () => {
    const host = await startHost();
    const second = await runInProcess(['host', '--port', String(host.port)]);
    expect(second.exitCode).to.equal(2);
    expect(second.stderr).to.match(/^kmsspec: 127\.0\.0\.1:\d+ is in use: .*\n$/);
    const control = await runInProcess(['host', '--port', '0', '--control', String(host.control)]);
    expect(control.exitCode).to.equal(2);
    expect(control.stderr).to.match(/^kmsspec: no controls on .*--control.*\n$/);
  });

  const wrong: [string[], RegExp][] = [
    [['host', '--fault', 'count-by-nam'], /did you mean count-by-name\?/],
    [['host', '--fault', 'xyzzy'], /kmsspec list faults/],
    [['host', '--port', '65536'], /whole number from 0 to 65535/],
    [['host', '--key-group', 'win95'], /Allowed choices are vista/],
    [['host', '--profile', 'nowhere.yaml'], /no profile "nowhere\.yaml", neither by name nor as a file/],
    [['ctl', 'x', 'reset'], /x is no port/],
    [['ctl', '1', 'jump'], /jump is no command/],
    [['ctl', '1', 'advance', 'soon'], /number of seconds, 0 or more, not soon/],
    [['ctl', '1', 'reset', 'now'], /reset takes no value/],
  ];
  for (const [argv, problem] of wrong) {
    it(`refuses ${argv.join(' ')}`, async () => {
      const { exitCode, stderr } = await runInProcess(argv);
      expect(exitCode).to.equal(2);
      expect(stderr).to.match(problem);
    });
  }
});
