import { expect } from 'chai';
import type { Part } from './merge-part';
import { mergeSections } from './merge-sections';
import type { Report } from './model';
import { ReportError } from './report-error';
import { fullReport } from '../testing/full-report';
import { reportOf } from '../testing/sample-report';
import { sparseFinding } from '../testing/sparse-report';

type Sections = Partial<Report>;

const parts = (...sections: Sections[]): Part[] =>
  sections.map((each, index) => ({ report: reportOf([], each), where: `part-${index + 1}.json` }));

function refusal(...sections: Sections[]): ReportError {
  try {
    mergeSections(parts(...sections));
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
  throw new Error('was merged');
}

const load = (change: Partial<NonNullable<Report['latency']>>): Sections => ({
  latency: { ...fullReport().latency!, ...change },
});

describe('merging sections', () => {
  it('gives no section that no part has', () => {
    expect(mergeSections(parts({}, {}))).to.deep.equal({});
  });

  it('takes the one history that there is', () => {
    const { trajectory, fleet } = fullReport();
    expect(mergeSections(parts({ fleet: fleet! }, { trajectory: trajectory! }))).to.deep.equal({
      trajectory,
      fleet,
    });
    expect(refusal({ fleet: fleet! }, { fleet: fleet! })).to.include({ path: 'fleet', where: 'part-2.json' });
  });

  it('adds rates and connections, and knows no sum where a part had no limit', () => {
    const limited = load({ askedPerSecond: 10, connections: 4 });
    const each = load({ askedPerSecond: null, connections: null });
    expect(mergeSections(parts(limited, limited)).latency).to.include({ askedPerSecond: 20, connections: 8 });
    for (const mixed of [parts(limited, each), parts(each, limited)]) {
      expect(mergeSections(mixed).latency).to.include({ askedPerSecond: null, connections: null });
    }
  });

  it('has no budgets and warnings where no part has, and each warning once', () => {
    const { budgets: _b, warnings: _w, ...bare } = fullReport().latency!;
    const merged = mergeSections(parts({ latency: bare }, { latency: bare })).latency!;
    expect(merged).to.not.have.any.keys('budgets', 'warnings');
    const warned = mergeSections(
      parts({ latency: bare }, load({ warnings: ['a', 'b'] }), load({ warnings: ['b'] })),
    );
    expect(warned.latency!.warnings).to.deep.equal(['a', 'b']);
  });

  it('tells the worst part of a budget: broken before held, then the one nearest to the limit or furthest beyond', () => {
    const budget = (measured: number, held: boolean): Sections =>
      load({ budgets: [{ name: 'p99Ms', limit: 50, measured, held }] });
    const worst = (...all: Sections[]): number => {
      const [first, ...more] = mergeSections(parts(...all)).latency!.budgets!;
      expect(more).to.deep.equal([]);
      return first!.measured;
    };
    expect(worst(budget(10, true), budget(60, false), budget(49, true))).to.equal(60);
    expect(worst(budget(10, true), budget(49, true))).to.equal(49);
    expect(worst(budget(49, true), budget(10, true))).to.equal(49);
    expect(worst(budget(60, false), budget(90, false))).to.equal(90);
    expect(worst(budget(90, false), budget(60, false))).to.equal(90);
  });

  it('refuses series that were measured in another unit or another way', () => {
    const [first] = fullReport().latency!.series;
    for (const change of [{ unit: 'ms' as const }, { corrected: !first!.corrected }]) {
      const error = refusal(load({ series: [first!] }), load({ series: [{ ...first!, ...change }] }));
      expect(error).to.include({ where: 'part-2.json', path: `latency.series.${first!.name}` });
      expect(error.problem).to.contain('another way');
    }
  });

  it('is a resumed campaign where a part was, and counts a part that says nothing of workers as one', () => {
    const coverage = { cases: 5, casesPerSecond: 2, rows: [] };
    const merged = mergeSections(
      parts({ coverage }, { coverage: { ...coverage, workers: 3, resumed: true } }),
    ).coverage;
    expect(merged).to.deep.equal({ cases: 10, casesPerSecond: 4, workers: 4, resumed: true, rows: [] });
    expect(mergeSections(parts({ coverage }, { coverage })).coverage).to.deep.equal({
      cases: 10,
      casesPerSecond: 4,
      rows: [],
    });
  });

  it('tells a finding by its shortest sequence, whichever part has it', () => {
    const long = { ...sparseFinding('new'), requests: 7, cases: 3 };
    const short = { ...sparseFinding('new'), requests: 2 };
    for (const findings of [
      [long, short],
      [short, long],
    ]) {
      const merged = mergeSections(parts(...findings.map((each) => ({ findings: [each] })))).findings;
      expect(merged).to.deep.equal([{ ...short, cases: 4 }]);
    }
  });

  it('joins hosts and warnings of a domain that is in several parts', () => {
    const domain = fullReport().discovery!.domains[0]!;
    const [one, other] = domain.hosts;
    const discovery = (hosts: typeof domain.hosts, warnings?: string[]): Sections => ({
      discovery: { domains: [{ domain: 'corp.example', hosts, ...(warnings && { warnings }) }] },
    });
    const merged = mergeSections(
      parts(discovery([one!], ['late']), discovery([other!], ['late', 'later']), {
        discovery: { domains: [{ domain: 'b.example', hosts: [] }] },
      }),
    ).discovery!.domains;
    expect(merged).to.deep.equal([
      { domain: 'corp.example', hosts: [one, other], warnings: ['late', 'later'] },
      { domain: 'b.example', hosts: [] },
    ]);
    const silent = mergeSections(parts(discovery([one!]), discovery([other!]))).discovery!.domains[0]!;
    expect(silent).to.not.have.property('warnings');
  });

  it('joins replays of one capture, each warning once, and refuses two captures', () => {
    const replay = (capture: string, warnings?: string[]): Sections => ({
      replay: { capture, exchanges: [], ...(warnings && { warnings }) },
    });
    expect(mergeSections(parts(replay('a.pcap', ['cut']), replay('a.pcap', ['cut']))).replay).to.deep.equal({
      capture: 'a.pcap',
      exchanges: [],
      warnings: ['cut'],
    });
    expect(refusal(replay('a.pcap'), replay('b.pcap'))).to.include({
      path: 'replay.capture',
      problem: 'is b.pcap, in part-1.json a.pcap',
    });
  });
});
