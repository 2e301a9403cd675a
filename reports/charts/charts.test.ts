import { expect } from 'chai';
import { build } from 'hdr-histogram-js';
import { latencySeries } from '../results/latency';
import type { Fleet, Latency, Trajectory } from '../results/sections';
import { stalledLatency } from '../testing/sample-measures';
import { sparseReport, uncounted } from '../testing/sparse-report';
import { fleetChart } from './fleet';
import { percentileChart } from './percentiles';
import { thinOut } from './svg';
import { trajectoryChart } from './trajectory';

const drawn = (chart: { toString(): string }): string => chart.toString();
const paths = (chart: string, className: string): string[] =>
  [...chart.matchAll(new RegExp(`<path class="${className}" d="([^"]*)"`, 'g'))].map(([, d]) => d!);

describe('the chart of counts', () => {
  const trajectory = (change: Partial<Trajectory>): Trajectory => ({
    requests: 3,
    thresholds: [],
    capacity: null,
    points: [uncounted(0, { answered: 1, expected: 1 })],
    ...change,
  });
  const chart = (change: Partial<Trajectory>): string => drawn(trajectoryChart(trajectory(change)));

  it('draws nothing that nobody counted, and says so', () => {
    const empty = chart({ points: [] });
    expect(empty)
      .to.contain('3 requests. No counts.')
      .and.not.to.match(/<circle|<path|NaN/);
    const unknown = chart({ points: [uncounted(0), uncounted(1)] });
    expect(unknown).to.contain('After the last: answered nothing, expected unknown.');
    expect(unknown).not.to.match(/<circle|<path|NaN/);
  });

  it('breaks a line where there was no count', () => {
    const [path] = paths(
      chart({
        points: [0, 1, 2, 3, 4].map((index) => uncounted(index, index === 2 ? {} : { answered: index + 1 })),
      }),
      'line answered',
    );
    expect(path!.match(/M/g)).to.have.length(2);
  });

  it('tells an answer without an expectation, and one that was recorded', () => {
    const points = [uncounted(0, { answered: 7 }), uncounted(1, { answered: 3, expected: 4, recorded: 4 })];
    const told = chart({ points });
    expect(told).to.contain('answered 7, expected unknown</title>');
    expect(told).to.contain('answered 3, expected 4, recorded 4</title>');
    expect(told.match(/class="dot wrong"/g)).to.have.length(1);
    expect(told).to.contain('After the last: answered 3, expected 4, recorded 4.');
  });

  it('shows the capacity of the host where the model gives no places', () => {
    expect(chart({ capacity: 50 }))
      .to.contain('capacity 50</text>')
      .and.to.contain('Capacity 50.');
    expect(chart({})).not.to.match(/capacity \d|Capacity \d/);
    const places = chart({ capacity: 50, points: [uncounted(0, { capacity: 10 }), uncounted(1)] });
    expect(places).to.contain('capacity 50</text>');
    expect(paths(places, 'line capacity')).to.have.length(1);
    const unnamed = chart({ points: [uncounted(0, { capacity: 10 }), uncounted(1)] });
    expect(unnamed).to.contain('capacity 0</text>');
  });

  it('writes at the first difference, on the side where there is room', () => {
    const points = Array.from({ length: 10 }, (_, index) => uncounted(index, { answered: 1, expected: 1 }));
    const at = (index: number): string =>
      /text-anchor="(\w+)">first difference/.exec(
        chart({ points, firstDifference: { index, message: 'parted' } }),
      )![1]!;
    expect([at(1), at(8)]).to.deep.equal(['start', 'end']);
    expect(chart({ points: [uncounted(0)], firstDifference: { index: 0, message: 'no answer' } })).to.contain(
      'First difference at request 1: no answer',
    );
    const recorded = uncounted(0, { recorded: 5 });
    expect(chart({ points: [recorded], firstDifference: { index: 0, message: 'no answer' } })).to.contain(
      'First difference at request 0: no answer',
    );
    expect(chart({ points })).to.contain('Answered and expected counts never differ.');
  });

  it('draws dots only where they can be told apart', () => {
    const many = Array.from({ length: 200 }, (_, index) => uncounted(index, { answered: index }));
    expect(chart({ points: many })).not.to.contain('<circle class="dot');
    expect(chart({ points: many.slice(0, 100) }).match(/<circle class="dot/g)).to.have.length(100);
  });
});

describe('the chart of latency', () => {
  const chart = (change: Partial<Latency>): string =>
    drawn(percentileChart({ ...stalledLatency(), ...change }));
  const even = (...values: number[]) => {
    const histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
    for (const value of values) histogram.recordValue(value);
    return latencySeries(histogram, { name: 'even', corrected: false, unit: 'us' });
  };

  it('is logarithmic where the slowest is far from the median, else not', () => {
    expect(chart({})).to.contain('latency, logarithmic');
    expect(chart({ series: [even(1000, 1100, 1200, 1300)] })).not.to.contain('logarithmic');
  });

  it('draws the percentiles that the report tells where the histogram does not decode', () => {
    const series = { ...even(1000, 2000, 3000), histogram: 'garbage' };
    const [path] = paths(chart({ series: [series] }), 'line series-0');
    expect(path!.split(/[ML]/).filter((point) => point !== '')).to.have.length(1 + series.percentiles.length);
    expect(path).not.to.contain('NaN');
  });

  it('marks budgets of percentiles, broken ones in words, and no others', () => {
    const budget = (name: string, held: boolean) => ({ name, limit: 5, measured: 6, held });
    const marked = chart({
      budgets: [budget('p99Ms', true), budget('p99.9Ms', false), budget('rate', false)],
    });
    expect(marked).to.match(/<g class="budget">.*?budget p99Ms<\/text>/);
    expect(marked).to.match(/<g class="budget broken">.*?budget p99\.9Ms, broken<\/text>/);
    expect(marked).not.to.contain('budget rate');
    expect(chart({ budgets: undefined })).not.to.contain('class="budget');
  });
});

describe('the chart of a fleet', () => {
  it('tells how it ended, and nothing of the kind without a sample', () => {
    const fleet: Fleet = {
      ...sparseReport().fleet!,
      states: ['grace', 'activated'],
      samples: [
        { hour: 0, machines: [2], requests: 0, answered: null, expected: null },
        { hour: 24, machines: [1, 1], requests: 2, answered: 1, expected: 1 },
      ],
    };
    const chart = drawn(fleetChart(fleet));
    expect(chart).to.contain('0 activated, 2 never. In the end: 1 grace, 1 activated.');
    expect(chart).not.to.contain('NaN');
    const last = { ...fleet, samples: fleet.samples.slice(0, 1) };
    expect(drawn(fleetChart(last)))
      .to.contain('In the end: 2 grace, 0 activated.')
      .and.not.to.contain('NaN');
    const empty = drawn(fleetChart({ ...fleet, samples: [] }));
    expect(empty)
      .to.contain('0 activated, 2 never.<')
      .and.not.to.match(/In the end|NaN/);
  });
});

describe('thinning out', () => {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  it('leaves what is few as it is', () => {
    expect(thinOut(numbers(10), 10)).to.deep.equal(numbers(10));
  });

  it('takes evenly, the first and the last among them', () => {
    const thin = thinOut(numbers(1001), 101);
    expect(thin).to.deep.equal(numbers(101).map((index) => index * 10));
    const odd = thinOut(numbers(5000), 1500);
    expect(odd).to.have.length(1500);
    expect([odd[0], odd.at(-1), new Set(odd).size]).to.deep.equal([0, 4999, 1500]);
  });
});
