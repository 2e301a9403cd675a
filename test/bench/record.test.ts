import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRecords, comparisonText } from '../../bench/record/changes';
import { Figures, median, spread } from '../../bench/record/figures';
import { historyPage } from '../../bench/record/history-page';
import { type BenchRecord, figureLine, readHistory, readRecord } from '../../bench/record/record';

const record = (figures: BenchRecord['figures'], more: Partial<BenchRecord> = {}): BenchRecord => ({
  commit: '0123456789ab',
  date: '2026-11-27T01:00:00.000Z',
  node: 'v20.20.2',
  machine: 'a processor, 2 cores',
  load: 0.1,
  figures,
  ...more,
});
const share = (...values: number[]) => ({
  section: 'load',
  what: 'share of the bare loop',
  unit: '',
  values,
});
const rate = (...values: number[]) => ({ section: 'load', what: 'requests', unit: 'a second', values });

describe('what the bench measured', () => {
  it('is the median of the runs, with half the distance of the extremes', () => {
    expect(median([5, 1, 3])).to.equal(3);
    expect(median([4, 1, 3, 2])).to.equal(2.5);
    expect(spread([90, 100, 110])).to.equal(0.1);
    expect(spread([0, 0])).to.equal(0);
  });

  it('gathers each figure over the runs, and tells lines that stand under another apart', () => {
    const figures = new Figures();
    const notes: string[] = [];
    for (const value of [10, 30, 20]) {
      const report = figures.reportOf('exchanges', (text) => notes.push(text));
      for (const kept of ['one kept', '16 kept']) {
        report.measured(kept, value, 'a second');
        report.measured('    share of the bare loop', value / 100, '', { atLeast: 0.25 });
      }
      report.note(`    at a load of ${value}`);
    }
    expect(figures.all.map(({ what, values }) => [what, ...values])).to.deep.equal([
      ['one kept', 10, 30, 20],
      ['one kept: share of the bare loop', 0.1, 0.3, 0.2],
      ['16 kept', 10, 30, 20],
      ['16 kept: share of the bare loop', 0.1, 0.3, 0.2],
    ]);
    expect(figures.missed, 'of the medians').to.equal(2);
    expect(notes).to.deep.equal(['at a load of 10']);
    expect(figureLine(figures.all[1]!)).to.match(
      /^ {6}share of the bare loop +0\.200 +\+-50 % MISSED {2}\(goal: at least 0\.250\)$/,
    );
    expect(figureLine({ ...share(3), what: 'once' })).to.match(/^ {2}once +3\.00 *$/);
  });

  it('changed where every run of one side is beyond every run of the other', () => {
    const before = record([share(0.6, 0.62, 0.61, 0.6, 0.63), rate(10, 11, 12, 13, 14)]);
    const slower = compareRecords(before, record([share(0.5, 0.52, 0.51, 0.5, 0.59), rate(9, 10, 8, 7, 9)]));
    expect(slower.changed.map(({ figure }) => figure)).to.deep.equal(['load: share of the bare loop']);
    expect(slower.alike).to.equal(1);
    expect(comparisonText(slower, before)).to.contain('share of the bare loop: 0.610 -> 0.510 (-16 %)');
  });

  it('is not compared where it cannot be, and says so', () => {
    const before = record([share(0.6, 0.6, 0.6), rate(1, 1, 1, 1, 1)]);
    const elsewhere = { machine: 'another, 8 cores' };
    const told = compareRecords(
      before,
      record([share(1, 1, 1, 1, 1), rate(9, 9, 9, 9, 9), { ...rate(1, 1, 1, 1, 1), what: 'new' }], elsewhere),
    );
    expect([told.changed.length, told.alike]).to.deep.equal([0, 0]);
    expect([...told.left.keys()]).to.have.members([
      'fewer than 4 runs on a side',
      'in units, and measured on another machine',
      'not measured before',
    ]);
    expect(comparisonText(told, before)).to.contain('1 not compared: not measured before');
  });

  describe('in a file', () => {
    let folder: string;
    before(() => void (folder = mkdtempSync(join(tmpdir(), 'kmsspec-bench-'))));
    after(() => rmSync(folder, { recursive: true }));

    it('is read back, alone or as the last of a history', () => {
      const file = join(folder, 'bench.json');
      const [one, two] = [record([share(1)]), record([share(2)], { commit: 'later' })];
      writeFileSync(file, JSON.stringify(one));
      expect(readRecord(file)).to.deep.equal(one);
      writeFileSync(file, JSON.stringify([one, two]));
      expect(readRecord(file)).to.deep.equal(two);
      expect(readHistory(join(folder, 'none.json'))).to.deep.equal([]);
    });

    it('is refused with file and field where it is something else', () => {
      const file = join(folder, 'bad.json');
      for (const [text, why] of [
        ['{', /is no JSON/],
        ['[]', /holds no measurement/],
        [JSON.stringify([record([{ ...share(1), values: [] }])]), /0\.figures\.0\.values/],
        [JSON.stringify({ ...record([]), load: 'high' }), /0\.load/],
      ] as const) {
        writeFileSync(file, text);
        expect(() => readRecord(file), text)
          .to.throw(why)
          .with.property('message')
          .that.contains(file);
      }
    });
  });

  it('is drawn by commit, with its goal, and names in it stay text', () => {
    const goal = { atLeast: 0.8 };
    const page = historyPage([
      record([{ ...share(0.5, 0.7), goal }]),
      record(
        [
          { ...share(0.6, 0.9), goal },
          { ...rate(5), what: '<b>odd</b>' },
        ],
        { commit: 'later' },
      ),
    ]);
    expect(page.match(/<circle/g)).to.have.length(3);
    expect(page).to.contain('2 measurements, the last 0.750, goal at least 0.800.');
    expect(page).to.contain('&lt;b&gt;odd&lt;/b&gt;').and.not.to.contain('<b>odd');
    expect(page.slice(page.indexOf('<main'), page.indexOf('</main>'))).not.to.match(/NaN|undefined/);
    expect(page.match(/<line class="threshold"/g), 'goals').to.have.length(1);
    expect(page.match(/<line class="line expected"/g), 'least to most').to.have.length(3);
  });
});
