import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { startLabHost } from '../../lab-host';
import { openTarget } from '../../target';
import { packageRoot } from '../../support/package-root';
import { diff } from '.';
import { recordedConversations } from './conversations/recorded';
import { diffLabs } from './testing/diff-lab';
import { Times } from './times';

describe('two hosts that are asked the same', function () {
  this.timeout(60_000);

  it('are alike where they are, whatever their ePIDs', async () => {
    const { sections, cases, noise } = await diffLabs({}, {}, { runs: 200, milliseconds: 6000 });
    expect(sections.findings).to.deep.equal([]);
    expect(noise).to.deep.equal([]);
    expect(cases).to.be.greaterThan(3);
  });

  it('differ in little, told with the clause that settles it, and saved with both captures', async () => {
    const out = mkdtempSync(join(tmpdir(), 'kmsspec-diff-'));
    try {
      const { sections } = await diffLabs(
        {},
        { faults: ['nil-cmid'] },
        { out, clauses: CATALOGUE, stopOnDifference: true },
      );
      const [finding] = sections.findings;
      expect(finding).to.include({ requirement: 'MSG-02', requests: 1, state: 'new' });
      expect(finding!.sent).to.deep.equal(['machine 1 asks as a server']);
      expect(finding!.message).to.match(/^CMID: A: [0-9a-f-]{36}; B: 0{8}-.*; MSG-02 is against B/);
      const folder = join(out, finding!.id);
      const saved = JSON.parse(readFileSync(join(folder, 'difference.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      expect(saved).to.include({ schema: 'kmsspec.difference/1', clause: 'MSG-02', against: 'B' });
      for (const side of ['a', 'b']) expect(existsSync(join(folder, `${side}.pcapng`)), side).to.equal(true);
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('are alike in what is ignored, and fail by what the baseline does not know alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-diff-'));
    const file = join(folder, 'known.yaml');
    const slow = { activationIntervalMinutes: 60 };
    const plan = { milliseconds: 8000, stopOnDifference: true };
    try {
      const ignoring = await diffLabs({}, slow, {
        milliseconds: 1500,
        ignore: ['activationIntervalMinutes'],
      });
      expect(ignoring.sections.findings).to.deep.equal([]);
      const first = await diffLabs({}, slow, {
        ...plan,
        baseline: { file, update: true, today: '2026-11-27' },
      });
      const { id } = first.sections.findings[0]!;
      const text = readFileSync(file, 'utf8').replace(/reason: .*/, 'reason: set so');
      writeFileSync(file, text);
      const again = await diffLabs({}, slow, { ...plan, baseline: { file, today: '2026-11-27' } });
      expect(again.sections.findings[0]).to.include({ id, state: 'known', reason: 'set so' });
      writeFileSync(file, text.replace('reason: set so', 'reason: set so\n    expires: 2026-11-26'));
      const late = await diffLabs({}, slow, { ...plan, baseline: { file, today: '2026-11-27' } });
      expect(late.sections.findings[0]).to.include({ id, state: 'new' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are followed from where they stand, where neither can be emptied', async () => {
    const hosts = [await startLabHost({}), await startLabHost({ faults: ['count-by-name'] })];
    const targets = await Promise.all(hosts.map(({ port }) => openTarget({ address: `127.0.0.1:${port}` })));
    try {
      const [a, b] = targets.map((target, at) => ({ target, name: `host ${at}` }));
      const plan = {
        seed: 3,
        levels: ['message'] as const,
        corpus: null,
        runs: 0,
        milliseconds: 20_000,
        timeoutMs: 1000,
      };
      const { sections } = await diff({ ...plan, stopOnDifference: true }, a!, b!);
      expect(sections.findings[0]).to.include({ title: 'count differs', requirement: 'CNT-20' });
      expect(sections.findings[0]!.requests).to.be.lessThan(4);
    } finally {
      for (const target of targets) await target.close();
      for (const host of hosts) await host.close();
    }
  });

  for (const habits of [[], ['counts-unknown-applications-together']] as const) {
    it(`are alike by the same seed once more, though they remember the machines: ${habits.join() || 'no habit'}`, async () => {
      const hosts = await Promise.all([1, 2, 3].map(() => startLabHost({ habits })));
      const [one, other, third] = hosts.map(({ port }) => `127.0.0.1:${port}`);
      try {
        // One of them has seen more than the other.
        for (const address of [one, one, third]) {
          const a = { target: await openTarget({ address: other! }), name: 'A' };
          const b = { target: await openTarget({ address: address! }), name: 'B' };
          const plan = { seed: 5, levels: ['message', 'sequence'] as const, corpus: null, timeoutMs: 2000 };
          const outcome = await diff({ ...plan, runs: 100, milliseconds: 3000 }, a, b);
          for (const { target } of [a, b]) await target.close();
          expect(outcome.found, JSON.stringify(outcome.found)).to.deep.equal([]);
          expect(outcome.noise).to.deep.equal([]);
          expect(outcome.cases).to.be.greaterThan(3);
        }
      } finally {
        for (const host of hosts) await host.close();
      }
    });
  }

  it('are lost where one dies and nobody brings it back', async () => {
    const host = await startLabHost({});
    const a = await openTarget({});
    const b = await openTarget({ address: `127.0.0.1:${host.port}` });
    try {
      const plan = {
        seed: 3,
        levels: ['message'] as const,
        corpus: null,
        runs: 0,
        milliseconds: 12_000,
        timeoutMs: 500,
      };
      const onProgress = (): void => void host.close();
      const { ended } = await diff(plan, { target: a, name: 'A' }, { target: b, name: 'B' }, { onProgress });
      expect(ended?.how).to.equal('target-died');
      expect(ended?.message).to.match(/^B: the host did not come back/);
    } finally {
      await a.close();
      await b.close();
    }
  });

  it('are told apart by their times, by class of answer', () => {
    const times = new Times();
    const step = (tookMs: number) => ({
      ...{ violations: [], life: null, counters: {} },
      steps: [
        [
          { on: 0, kind: 'response', fields: {}, tookMs },
          { on: 0, kind: 'closed', fields: {}, tookMs: 99 },
        ],
      ],
    });
    for (let i = 0; i < 50; i++) times.add([step(2), step(i % 2 === 0 ? 22 : 21)]);
    expect(times.differences()).to.deep.equal([{ of: 'response', aMs: 2, bMs: 21.5 }]);
    expect(times.inWords('old', 'new')).to.deep.equal(['response: old takes 2.0 ms, new 21.5 ms (median)']);
    // Of few answers nothing is said, unless each of one host is slower than any of the other.
    for (const [usual, told] of [
      [2, 1],
      [30, 0],
    ] as const) {
      const few = new Times();
      for (let i = 0; i < 12; i++) few.add([step(i === 0 ? usual : 2), step(22)]);
      expect(few.differences()).to.have.length(told);
    }
  });
});

describe('what clients were recorded to send', () => {
  it('is sent connection by connection, as it was', async () => {
    const recorded = await recordedConversations(join(packageRoot(), 'captures', 'corpus'));
    expect(recorded.length).to.be.within(5, 200);
    for (const { steps } of recorded) {
      const [step] = steps;
      expect(step).to.include({ kind: 'raw', bound: true, what: 'recorded' });
      if (step?.kind === 'raw') expect([...step.bytes.subarray(0, 2)]).to.deep.equal([5, 0]);
    }
  });
});
