import { expect } from 'chai';
import type { Trajectory } from '../../../reports/results/model';
import { streamChart } from './chart';

function chart(
  counts: readonly (readonly [answered: number | null, expected: number | null])[],
  thresholds = [5],
) {
  const points = counts.map(([answered, expected], index) => ({
    index,
    sent: 'client',
    recorded: null,
    answered,
    expected,
  }));
  const trajectory: Trajectory = { requests: points.length, thresholds, capacity: null, points };
  return streamChart(trajectory);
}

describe('the chart of a stream', () => {
  it('is empty where no count came', () => {
    expect(chart([])).to.deep.equal([]);
    expect(chart([[null, null]])).to.deep.equal([]);
    expect(chart([[0, null]])).to.deep.equal([]);
  });

  it('shows what was answered', () => {
    expect(
      chart([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ).to.deep.equal(['3 |  *', '2 | *', '1 |*', '  +---', '   1 3 requests']);
  });

  it('shows what the model expects where it is something else, or where no answer came', () => {
    expect(
      chart([
        [1, 3],
        [null, 2],
        [2, null],
        [0, 1],
      ]),
    ).to.deep.equal(['3 |o', '2 | o*', '1 |*  o', '  +----', '   1 4 requests']);
  });

  it('draws the line of a threshold that was reached, and counts in front of it', () => {
    const lines = chart(
      Array.from({ length: 6 }, (_, index) => [index + 1, index + 1] as const),
      [5, 25],
    );
    expect(lines.slice(0, 3)).to.deep.equal(['6 |     *', '5 |····*·', '4 |   *']);
    expect(lines.filter((line) => line.includes('·'))).to.have.length(1);
  });

  it('fits a terminal however long the stream and however high the counts', () => {
    const lines = chart(Array.from({ length: 10_000 }, (_, index) => [index, index] as const));
    expect(lines).to.have.length(14);
    for (const line of lines) expect(line.length, line).to.be.at.most(72);
    expect(lines[0]).to.match(/^9999 \|.*\*$/);
    expect(chart([[1, 1]]).at(-1)).to.match(/1 request$/);
  });
});
