import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../support/random';
import { classOfMessage } from '../../../reports/results/failure-class';
import { unmetNeed } from './needs';
import { planRun } from './plan';
import type { Scenario } from './scenario';
import type { RequirementEntry } from './requirement-entry';
import { resultOf } from './results';
import { unchecked } from './scenario-outcome';
import { matches, selectRequirements } from './select';

const entry = (id: string, changes: Partial<RequirementEntry> = {}): RequirementEntry => ({
  id,
  level: 'MUST',
  title: id,
  sources: ['a guide'],
  ...changes,
});

const CATALOGUE = [
  entry('MSG-01'),
  entry('CNT-01'),
  entry('CNT-02'),
  entry('CNT-12'),
  entry('CACHE-01'),
  entry('ROB-13', { slow: true }),
];
const NOTHING = { words: [], exclude: [], slow: false, shard: null };

const selected = (options: Partial<Parameters<typeof selectRequirements>[1]>): string[] =>
  selectRequirements(CATALOGUE, { ...NOTHING, ...options }).map(({ entry: one, excluded }) =>
    excluded === undefined ? one.id : `(${one.id})`,
  );

describe('selection', () => {
  it('takes ids, suites and globs in any case, in the order of the catalogue', () => {
    expect(selected({ words: ['cnt-02', 'MSG'] })).to.deep.equal(['MSG-01', 'CNT-02']);
    expect(selected({ words: ['C*-01'] })).to.deep.equal(['CNT-01', 'CACHE-01']);
    expect(selected({ words: ['CNT-0?'] })).to.deep.equal(['CNT-01', 'CNT-02']);
  });

  it('takes stars in any number, and is done at once', () => {
    const word = `${'*'.repeat(20)}${'*-'.repeat(60)}X`;
    const startedAt = performance.now();
    expect(matches(word, `CNT-${'-'.repeat(100)}01`)).to.equal(false);
    expect(performance.now() - startedAt).to.be.lessThan(1000);
  });

  it('takes a glob for what the same regular expression takes', () => {
    const words = fc.string({ unit: fc.constantFrom('A', 'B', '-', '*', '?'), maxLength: 8 });
    const ids = fc.string({ unit: fc.constantFrom('A', 'B', '-'), maxLength: 8 });
    fc.assert(
      fc.property(
        words.filter((word) => /[*?]/.test(word)),
        ids,
        (word, id) => {
          const pattern = new RegExp(`^${word.replaceAll('*', '.*').replaceAll('?', '.')}$`);
          expect(matches(word, id)).to.equal(pattern.test(id));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('knows what is required, and refuses what is required and not selected', () => {
    expect(selected({ words: ['CNT'], require: ['CNT-0?'] })).to.deep.equal(['CNT-01', 'CNT-02', 'CNT-12']);
    expect(selected({ require: ['MSG'] })).to.have.length(CATALOGUE.length);
    expect(() => selected({ words: ['CNT'], require: ['MSG-01'] })).to.throw(
      /MSG-01 is required and not selected/,
    );
    expect(() => selected({ require: ['CNT-99'] })).to.throw(/CNT-99/);
  });

  it('reports what is excluded, and what is slow unless asked for', () => {
    const exclude = [{ id: 'CNT-*', reason: 'known' }];
    expect(selected({ exclude })).to.deep.equal([
      'MSG-01',
      '(CNT-01)',
      '(CNT-02)',
      '(CNT-12)',
      'CACHE-01',
      '(ROB-13)',
    ]);
    expect(selected({ words: ['ROB-13'] })).to.deep.equal(['ROB-13']);
    expect(selected({ words: ['ROB'], slow: true })).to.deep.equal(['ROB-13']);
  });

  it('parts the work into shards that make the whole', () => {
    const shards = [1, 2, 3].map((index) => selected({ slow: true, shard: { index, of: 3 } }));
    expect(shards.flat().sort()).to.deep.equal(CATALOGUE.map(({ id }) => id).sort());
  });

  it('tells a word that names nothing, with what may be meant', () => {
    expect(() => selected({ words: ['CNT-21'] })).to.throw(/did you mean CNT-/);
    expect(() => selected({ words: ['CTN'] })).to.throw(/did you mean CNT\?/);
    for (const word of ['RPC-1[0-3]', 'RPC-{09,10}']) {
      expect(() => selected({ words: [word] })).to.throw(/a glob takes \* and \? alone/);
    }
    expect(() => selected({ words: ['nonsense-entirely'] })).to.throw(/kmsspec list requirements/);
    expect(() => selected({ named: { file: 'b.yaml', ids: ['CNT-99'] } })).to.throw(
      /^b\.yaml: CNT-99 is an unknown/,
    );
    expect(() => selected({ exclude: [{ id: 'XYZ-99', reason: '' }] })).to.throw(/is an unknown requirement/);
  });
});

describe('the class of a failure', () => {
  it('leaves large numbers, measures, ids, addresses and bytes out, and keeps statuses', () => {
    const one =
      'CMID 6f327760-8c5c-417c-9b61-836a98287e0c: expected 100, received 1,200 after 12 ms and 7 bytes from 127.0.0.1:1688, fault 0x1c010002';
    const two =
      'CMID 7482e61b-c589-4b7f-8ecc-46d455ac3b87: expected 250, received 61 after 3.5 ms and 40 bytes from [::1]:40001, fault 0x1C010002';
    expect(classOfMessage(one))
      .to.equal(classOfMessage(two))
      .and.equal('CMID GUID: expected N, received N after N ms and N bytes from HOST, fault 0x1C010002');
  });

  it('tells statuses apart', () => {
    expect(classOfMessage('refusal 0xC004F042')).to.not.equal(classOfMessage('refusal 0x8007000D'));
  });

  it('tells counts apart, save where they hang on what the host held', () => {
    const stuckAt = (count: number): string =>
      `expected a new machine to raise the count ${count}, received ${count}`;
    expect(classOfMessage(stuckAt(30))).to.equal(stuckAt(30));
    expect(classOfMessage(stuckAt(49))).to.not.equal(classOfMessage(stuckAt(30)));
    const found = { counts: false };
    expect(classOfMessage(stuckAt(49), found)).to.equal(classOfMessage(stuckAt(30), found));
  });

  it('takes counts of machines that asked together for one', () => {
    const together = (counts: string): string =>
      `20 clients: expected [ ${counts} ] to deeply equal [ 1, 2 ]`;
    expect(classOfMessage(together('1, 2, 2, …(17)'))).to.equal(
      '20 clients: expected [N] to deeply equal [N]',
    );
  });
});

describe('the order of a run', () => {
  const scenario = (id: string, needs: Scenario['needs']): Scenario => ({
    entry: entry(id),
    needs,
    body: () => {},
  });
  const all = [
    scenario('A', { adds: 30, countAtMost: 20 }),
    scenario('B', { parallel: true }),
    scenario('C', { adds: 2, countAtMost: 48 }),
    scenario('D', { adds: 1 }),
  ];
  const ids = (scenarios: readonly Scenario[]) => scenarios.map(({ entry: one }) => one.id);

  it('starts what needs no common state first where the host can be emptied', () => {
    const plan = planRun(all, 'emptied', null);
    expect([plan.first, ids(plan.parallel), ids(plan.serial)]).to.deep.equal([
      'parallel',
      ['B'],
      ['A', 'C', 'D'],
    ]);
  });

  it('spares the places of a host that cannot be emptied', () => {
    const plan = planRun(all, 'as-found', null);
    expect([plan.first, ids(plan.serial)]).to.deep.equal(['serial', ['C', 'A', 'D']]);
    expect(ids(planRun(all, 'as-found', new Random(3)).serial)).to.deep.equal(['C', 'A', 'D']);
  });

  it('takes a new host that cannot be emptied on one way, each at its place, and looks at the whole run at the end', () => {
    const placed = [
      scenario('E', { place: 'fifty', countAtMost: 50 }),
      scenario('F', { last: true }),
      scenario('G', { place: 'ten', fresh: true }),
      scenario('H', { place: 'threshold', countAtMost: 22, adds: 25 }),
      ...all,
    ];
    for (const shuffle of [null, new Random(3), new Random(4)]) {
      const plan = planRun(placed, 'journey', shuffle);
      expect([plan.first, ids(plan.serial), ids(plan.last)]).to.deep.equal([
        'serial',
        ['G', 'H', 'E', 'C', 'A', 'D'],
        ['F'],
      ]);
    }
  });
});

describe('needs', () => {
  const none = {
    clock: false,
    restart: false,
    reset: false,
    observe: false,
    macKey: false,
    keyGroup: false,
    domain: false,
    latencyBudget: false,
    idleBudget: false,
  };

  it('that are not met are told with what to configure', () => {
    expect(unmetNeed({ clock: true, fresh: true }, none)).to.contain('controls.advanceClock');
    expect(unmetNeed({ clock: true }, { ...none, clock: true })).to.equal(undefined);
    expect(unmetNeed({ fresh: true, countAtMost: 3, adds: 2 }, none)).to.equal(undefined);
  });
});

describe('several attempts', () => {
  const passed = { outcome: 'passed' as const, notes: [], durationMs: 1, evidence: [] };
  const failed = { ...passed, outcome: 'failed' as const, message: 'no' };

  it('of which some failed are a failure that is flaky', () => {
    const result = resultOf(entry('A'), [passed, failed, passed], (id) => `run ${id}`);
    expect(result).to.include({ outcome: 'failed', flaky: true, repeat: 'run A' });
    expect(result.attempts).to.have.length(3);
  });

  it('that all failed, or were not checked in between, are not', () => {
    expect(resultOf(entry('A'), [failed, failed], String)).to.not.have.property('flaky');
    expect(resultOf(entry('A'), [passed, unchecked('inconclusive', 'moved')], String).outcome).to.equal(
      'inconclusive',
    );
  });
});
