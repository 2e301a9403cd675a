import { expect } from 'chai';
import { Coprocess } from './coprocess';
import { ControlFailure, openControls } from './controls';

/** A program in place of a host's controls. Its body has `say(text)`, and `line` each time one comes. */
const program = (body: string, before = ''): string[] => [
  process.execPath,
  '-e',
  `const say = (text) => process.stdout.write(text);
   ${before}
   let n = 0, rest = '';
   process.stdin.on('data', (text) => {
     const lines = (rest + text).split('\\n');
     rest = lines.pop();
     for (const line of lines) { n++; ${body} }
   });`,
];

/** The same in a shell, which starts at once on a busy machine too. */
const shell = (body: string): string[] => ['sh', '-c', `while read -r line; do ${body}; done`];

async function failureOf(asked: Promise<unknown>): Promise<ControlFailure> {
  try {
    await asked;
  } catch (error) {
    expect(error).to.be.instanceOf(ControlFailure);
    return error as ControlFailure;
  }
  throw new Error('it did not fail');
}

describe('a persistent program of controls', () => {
  const open: Coprocess[] = [];
  const run = (words: string[], options: ConstructorParameters<typeof Coprocess>[1] = {}): Coprocess => {
    const coprocess = new Coprocess(words, options);
    open.push(coprocess);
    return coprocess;
  };
  afterEach(async () => {
    for (const coprocess of open.splice(0)) await coprocess.close();
  });

  it('is started once, and told each control in a line, in turn', async () => {
    const echo = run(program('say(`ok ${n} ${line} ${process.pid}\\n`)'));
    const answers = await Promise.all([
      echo.ask('reset'),
      echo.ask('advanceClock', '90'),
      echo.ask('observe'),
    ]);
    expect(answers.map((text) => text.replace(/ \d+$/, ''))).to.deep.equal([
      '1 reset',
      '2 advance 90',
      '3 observe',
    ]);
    expect(new Set(answers.map((text) => text.split(' ').at(-1))).size).to.equal(1);
  });

  it('may answer in pieces, split within a character, with CR LF', async () => {
    const bytes = Buffer.from('ok "Zähler"\r\n');
    const pieces = run(
      program(
        `const all = Buffer.from('${bytes.toString('hex')}', 'hex'); let i = 0;
         const more = () => { if (i < all.length) { process.stdout.write(all.subarray(i, ++i), () => setImmediate(more)); } };
         more();`,
      ),
    );
    expect(await pieces.ask('observe')).to.equal('"Zähler"');
    expect(await pieces.ask('observe')).to.equal('"Zähler"');
  });

  it('fails with the reason that it gives, and goes on', async () => {
    const refusing = run(program('say(n === 1 ? "error no such service\\n" : "ok\\n")'));
    const failure = await failureOf(refusing.ask('restart'));
    expect(failure.control).to.equal('restart');
    expect(failure.message).to.match(/^the control restart \(.*\) answered error no such service$/s);
    expect(await refusing.ask('reset')).to.equal('');
  });

  it('that dies while it is asked fails that control, with what it said, and is started again for the next', async () => {
    const dying = run(
      program('if (line === "restart") { console.error("bad day"); process.exit(3) } say(`ok ${n}\\n`)'),
    );
    expect(await dying.ask('reset')).to.equal('1');
    const failure = await failureOf(dying.ask('restart'));
    expect(failure.message).to.match(/ended with exit code 3 before it answered: bad day$/);
    expect(await dying.ask('reset')).to.equal('1');
  });

  it('that dies while nobody asks is started again, and nothing is told', async () => {
    const brief = run(program('say(`ok ${process.pid}\\n`, setImmediate(() => process.exit(0)))'));
    const first = await brief.ask('reset');
    await goneBy(Number(first));
    expect(await brief.ask('reset')).to.not.equal(first);
  });

  it('that takes too long is killed, and its late answer is nobody else’s', async () => {
    const late = run(shell('case $line in reset) exec sleep 60;; *) echo ok now;; esac'), { timeoutMs: 800 });
    expect(await late.ask('observe')).to.equal('now');
    expect((await failureOf(late.ask('reset'))).message).to.contain('took longer than 800 ms');
    expect(await late.ask('observe')).to.equal('now');
  });

  for (const [said, problem] of [
    ['done\\n', /answered "done" to the line reset: it is to answer ok or error/],
    ['\\n', /answered "" to the line reset/],
    ['okay\\n', /answered "okay"/],
  ] as const) {
    it(`that answers ${JSON.stringify(said.slice(0, 8))} has not done it`, async () => {
      const odd = run(program(`say("${said}")`));
      expect((await failureOf(odd.ask('reset'))).message).to.match(problem);
    });
  }

  it('that speaks unasked is given up: its lines would be taken for answers to what comes next', async () => {
    const twice = run(program('say("ok 1\\nok 2\\n")'));
    expect(await twice.ask('reset')).to.equal('1');
    const failure = await failureOf(twice.ask('reset'));
    expect(failure.message).to.match(/said "ok 2.*" that nobody asked for/);
    expect(await twice.ask('reset')).to.equal('1');
  });

  it('without an end of line is not read for ever', async () => {
    const endless = run(
      program('const more = () => process.stdout.write("x".repeat(1 << 16), more); more()'),
    );
    expect((await failureOf(endless.ask('reset'))).message).to.match(/characters without an end of line/);
  });

  it('that is not there, or may not be run, says so', async () => {
    expect((await failureOf(run(['/no/such/program']).ask('reset'))).message).to.contain(
      'there is no such program',
    );
    expect((await failureOf(run([__filename]).ask('reset'))).message).to.contain('not executable');
  });

  it('is interrupted with the run', async () => {
    const run1 = new AbortController();
    const silent = run(program(''), { signal: run1.signal });
    const asked = failureOf(silent.ask('reset'));
    setImmediate(() => run1.abort());
    expect((await asked).message).to.contain('was interrupted');
    expect((await failureOf(silent.ask('reset'))).message).to.contain('was interrupted');
  });

  it('ends when its standard input does, and is killed where that is not enough', async () => {
    const deaf = run(
      program('say(`ok ${process.pid}\\n`)', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);'),
      {
        endingMs: 50,
      },
    );
    const pid = Number(await deaf.ask('reset'));
    await deaf.close();
    expect(isAlive(pid)).to.equal(false);
  });

  it('gives reset, restart and the clock unless told, and leaves a control with a command of its own to that', async () => {
    const command = program('say(`ok\\n`)');
    const names = (offers?: ('reset' | 'observe')[]): string[] => {
      const opened = openControls({ command, persistent: true, offers });
      return Object.keys(opened.controls);
    };
    expect(names()).to.deep.equal(['reset', 'restart', 'advanceClock']);
    expect(names(['reset', 'observe'])).to.deep.equal(['reset', 'observe']);
    const mixed = openControls({ command, persistent: true, restart: ['sh', '-c', 'exit 7'] });
    await mixed.controls.reset!();
    expect((await failureOf(mixed.controls.restart!())).message).to.contain('exit code 7');
    await mixed.close();
  });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function goneBy(pid: number): Promise<void> {
  for (let i = 0; i < 500 && isAlive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  // One turn more, in which its end is heard of.
  await new Promise((resolve) => setTimeout(resolve, 20));
}
