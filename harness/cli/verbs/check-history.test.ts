import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { corpus, expectOneLine, WorkFolder } from '../testing/capture-verbs';

const request = (who: string, startMs: number, endMs: number | null, count: number | null) => ({
  kind: 'request',
  startMs,
  endMs,
  applicationId: 'windows',
  clientMachineId: who,
  requiredClientCount: 25,
  count,
});

describe('check-history', () => {
  const folder = new WorkFolder();
  const check = async (content: unknown, ...more: string[]) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(folder.file('h.json'), text);
    return folder.run(['check-history', 'h.json', ...more]);
  };
  const history = (...events: unknown[]) => ({ schema: 'kmsspec.history/1', events });

  it('draws what has no order, with what would have been possible, in text and HTML', async () => {
    const example = join(packageRoot(), 'examples/histories/lost-update.json');
    const { exitCode, stdout } = await folder.run(['check-history', example, '--html', 'page.html']);
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(/client-2 +\[=+\] +1 +<- possible: 2/);
    expect(stdout).to.match(/NO ORDER .*gives client-2 the count 1/);
    const page = await readFile(folder.file('page.html'), 'utf8');
    expect(page).to.include('<svg').and.include('count 1; possible: 2');
  });

  it('says where there is one, and where nothing can be said', async () => {
    const good = await check(history(request('a', 0, 3, 2), request('b', 1, 2, 1)));
    expect([good.exitCode, good.stdout]).to.deep.equal([
      0,
      'AN ORDER  2 answers have an order in which a conforming host gives these counts\n',
    ]);
    const nothing = await check(history(request('a', 0, null, null)));
    expect([nothing.exitCode, nothing.stdout.startsWith('NOTHING JUDGED')]).to.deep.equal([4, true]);
  });

  it('writes nothing of a hostile name to a terminal or a page as it is', async () => {
    const evil = '<script>alert(1)</script>\u001b[2J';
    const { stdout } = await check(history(request('a', 0, 1, 1), request(evil, 2, 3, 1)));
    expect(stdout).to.not.include('\u001b');
    const page = await check(history(request('a', 0, 1, 1), request(evil, 2, 3, 1)), '--html', '-');
    expect(page.stdout).to.include('&lt;script&gt;').and.not.include('<script>alert');
  });

  it('takes controls, and applies a profile', async () => {
    const advance = {
      kind: 'control',
      control: 'advance',
      advanceSeconds: 31 * 86_400,
      startMs: 2,
      endMs: 3,
    };
    const expired = [request('a', 0, 1, 1), advance, request('b', 4, 5, 1)];
    expect((await check(history(...expired))).exitCode).to.equal(0);
    const virtual = { ...request('v', 2, 3, 1), virtual: true };
    expect((await check(history(request('a', 0, 1, 1), virtual))).exitCode).to.equal(1);
    expect(
      (await check(history(request('a', 0, 1, 1), virtual), '--profile', 'vista-2008')).exitCode,
    ).to.equal(0);
  });

  const bad: [string, unknown, RegExp][] = [
    ['no JSON', '{', /is no JSON/],
    ['another schema', { schema: 'x', events: [] }, /h\.json, schema: expected kmsspec\.history\/1/],
    [
      'a report',
      { schema: 'kmsspec.report/1', results: [] },
      /schema: expected .*, found "kmsspec\.report\/1"/,
    ],
    ['a field that is missing', history({ kind: 'request' }), /events\[0\]\.startMs: is missing/],
    ['a count that is none', history(request('a', 0, 1, -1)), /events\[0\]\.count: must be at least 0/],
    ['a time that no clock shows', history(request('a', -1e308, 1, 1)), /startMs: must be at least -86400/],
    [
      'a clock that is set by more',
      history({ kind: 'control', control: 'advance', advanceSeconds: 1e306, startMs: 1, endMs: 2 }),
      /advanceSeconds: must be at most 86400/,
    ],
    ['an end before its start', history(request('a', 2, 1, 1)), /events\[0\]\.endMs: is before its start/],
    ['half an answer', history(request('a', 2, null, 1)), /events\[0\]\.count: and endMs are both null/],
    [
      'a clock that is set by nothing',
      history({ kind: 'control', control: 'advance', startMs: 1, endMs: 2 }),
      /events\[0\]\.advanceSeconds: is missing/,
    ],
    ['an unknown key', history({ ...request('a', 0, 1, 1), extra: 1 }), /events\[0\]: .*extra/],
  ];
  for (const [name, content, problem] of bad) {
    it(`refuses ${name}, with the field`, async () => {
      const result = await check(content);
      expect([result.exitCode, result.stderr]).to.satisfy(
        ([code, text]: [number, string]) => code === 2 && problem.test(text),
        result.stderr,
      );
      expectOneLine(result);
    });
  }

  it('refuses a file that is not there', async () => {
    const result = await folder.run(['check-history', 'none.json']);
    expect(result.exitCode).to.equal(2);
    expectOneLine(result);
  });

  for (const name of ['v4-threshold-clients', 'v4-mixed-growth', 'v4-one-connection-ndr64', 'v4-refused']) {
    it(`judges ${name} from the recording alone, and again from the history that it wrote`, async () => {
      const { exitCode, stdout } = await folder.run(['inspect', corpus(name), '--history', 'h.json']);
      const code = name === 'v4-refused' ? 4 : 0;
      expect([exitCode, stdout.split('  ')[0]]).to.deep.equal([
        code,
        code === 0 ? 'AN ORDER' : 'NOTHING JUDGED',
      ]);
      expect((await folder.run(['check-history', 'h.json'])).exitCode).to.equal(code);
      const piped = await folder.run(['inspect', corpus(name), '--history', '-']);
      expect(piped.stdout).to.equal(await readFile(folder.file('h.json'), 'utf8'));
    });
  }
});
