import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../reports/results/result';
import {
  againstBaseline,
  type BaselineEntry,
  readBaseline,
  updatedBaseline,
  writeBaseline,
} from './baseline';

const TODAY = '2027-03-01';

const result = (changes: Partial<Result>): Result => ({
  id: 'CNT-14',
  level: 'OBSERVED',
  suite: 'CNT',
  title: 'counts apart',
  source: 'recorded exchanges',
  outcome: 'failed',
  message: 'expected 1 to equal 2',
  failureClass: 'expected N to equal N',
  durationMs: 1,
  ...changes,
});

const entry = (changes: Partial<BaselineEntry> = {}): BaselineEntry => ({
  id: 'CNT-14',
  outcome: 'failed',
  failureClass: 'expected N to equal N',
  reason: 'one table for all',
  ...changes,
});

const judge = (found: Result, known: BaselineEntry): Result =>
  againstBaseline([found], new Map([[known.id, known]]), TODAY)[0]!;

describe('a baseline', () => {
  it('expects the failure that it knows, whatever its numbers', () => {
    const judged = judge(
      result({ message: 'expected 3 to equal 9' }),
      entry({ ticket: 'OPS-1', expires: '2027-03-01' }),
    );
    expect(judged).to.include({
      outcome: 'expected-failure',
      baseline: 'as-known',
      reason: 'one table for all',
      ticket: 'OPS-1',
      expires: '2027-03-01',
    });
  });

  it('tells another failure apart', () => {
    const judged = judge(result({ message: 'received a fault', failureClass: 'received a fault' }), entry());
    expect(judged).to.include({ outcome: 'failed', baseline: 'changed' });
    expect(judged.message).to.contain('received a fault').and.contain('expected N to equal N');
  });

  it('takes any failure where the entry names no class', () => {
    const { failureClass: _, ...any } = entry();
    expect(judge(result({ failureClass: 'something else' }), any).outcome).to.equal('expected-failure');
  });

  it('fails an entry that has expired', () => {
    const judged = judge(result({}), entry({ expires: '2027-02-28' }));
    expect(judged).to.include({ outcome: 'failed', baseline: 'expired' });
    expect(judged.message).to.contain('until 2027-02-28');
    const open = judge(
      result({ outcome: 'inconclusive' }),
      entry({ outcome: 'inconclusive', expires: '2020-01-01' }),
    );
    expect(open).to.include({ outcome: 'failed', baseline: 'expired' });
  });

  it('tells what holds again as an unexpected pass, expired or not', () => {
    for (const expires of ['2020-01-01', '2099-01-01']) {
      expect(judge(result({ outcome: 'passed' }), entry({ expires }))).to.include({
        outcome: 'unexpected-pass',
        baseline: 'fixed',
      });
    }
  });

  it('leaves what could not be checked as it is, and never makes a pass of it', () => {
    expect(judge(result({ outcome: 'not-run' }), entry()).outcome).to.equal('not-run');
    expect(judge(result({ outcome: 'inconclusive' }), entry()).outcome).to.equal('inconclusive');
    const known = judge(result({ outcome: 'untestable' }), entry({ outcome: 'untestable' }));
    expect(known).to.include({ outcome: 'untestable', baseline: 'as-known' });
    expect(judge(result({}), entry({ outcome: 'untestable' }))).to.include({
      outcome: 'failed',
      baseline: 'changed',
    });
  });

  it('leaves results that it does not know', () => {
    const found = result({ id: 'CNT-01' });
    expect(judge(found, entry())).to.equal(found);
  });
});

describe('a baseline that is brought up to date', () => {
  it('keeps reasons, tickets and dates, drops what holds, keeps what was not run, adds what fails', () => {
    const before = new Map([
      ['CNT-14', entry({ failureClass: 'old', ticket: 'OPS-1', expires: '2028-01-01' })],
      ['MSG-01', entry({ id: 'MSG-01' })],
      ['RPC-05', entry({ id: 'RPC-05', reason: 'not run this time' })],
    ]);
    const results = [result({}), result({ id: 'MSG-01', outcome: 'passed' }), result({ id: 'CACHE-02' })];
    const entries = updatedBaseline(results, before, TODAY);
    expect(entries.map(({ id }) => id)).to.deep.equal(['CACHE-02', 'CNT-14', 'RPC-05']);
    expect(entries[0]!.reason).to.contain(TODAY);
    expect(entries[1]).to.deep.equal(entry({ ticket: 'OPS-1', expires: '2028-01-01' }));
    expect(entries[2]!.reason).to.equal('not run this time');
  });
});

describe('a baseline file', () => {
  let folder: string;
  const file = () => join(folder, 'baseline.yaml');

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-baseline-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is read back as it was written', async () => {
    const entries = [entry({ reason: 'a: b # "c"\nd' }), entry({ id: 'CNT-01', expires: '2027-05-05' })];
    await writeBaseline(file(), entries);
    expect([...(await readBaseline(file())).values()]).to.deep.equal(entries);
    expect(readFileSync(file(), 'utf8')).to.match(/^schema: kmsspec\.baseline\/1\n/);
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['no schema', 'entries: []', /schema/],
    ['an entry without a reason', entryText('{ id: CNT-01, outcome: failed }'), /reason/],
    ['a date that is none', entryText('{ id: A, outcome: failed, reason: x, expires: soon }'), /YYYY-MM-DD/],
    [
      'a day that is none',
      entryText('{ id: A, outcome: failed, reason: x, expires: 2026-13-01 }'),
      /that there is/,
    ],
    [
      'the 30th of February',
      entryText('{ id: A, outcome: failed, reason: x, expires: 2026-02-30 }'),
      /that there is/,
    ],
    ['a misspelt key', entryText('{ id: A, outcom: failed, reason: x }'), /outcom: .*did you mean outcome\?/],
    ['an outcome that cannot be known', entryText('{ id: A, outcome: passed, reason: x }'), /outcome/],
    ['a key that is not known', entryText('{ id: A, outcome: failed, reason: x, tickets: y }'), /ticket/],
    [
      'an id twice',
      entryText('{ id: A, outcome: failed, reason: x }\n  - { id: A, outcome: failed, reason: y }'),
      /twice/,
    ],
  ];
  for (const [what, text, message] of bad) {
    it(`with ${what} is refused`, async () => {
      writeFileSync(file(), text);
      const error = await readBaseline(file()).then(
        () => undefined,
        (failure: unknown) => failure as Error,
      );
      expect(error?.message).to.match(message);
    });
  }
});

function entryText(entries: string): string {
  return `schema: kmsspec.baseline/1\nentries:\n  - ${entries}\n`;
}
