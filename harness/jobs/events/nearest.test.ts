import { expect } from 'chai';
import fc from 'fast-check';
import { pairNearest } from './nearest';

const pair = (requests: readonly number[], events: readonly number[], most: number): [number, number][] =>
  pairNearest(
    [...requests.keys()],
    (i) => requests[i]!,
    [...events.keys()],
    (i) => events[i]!,
    most,
  );

/** All ways to pair: as many as can be, then the smallest sum. */
function bestByTrial(
  requests: readonly number[],
  events: readonly number[],
  most: number,
): { pairs: number; sum: number } {
  const [first, ...rest] = requests;
  if (first === undefined) return { pairs: 0, sum: 0 };
  let best = bestByTrial(rest, events, most);
  events.forEach((event, i) => {
    const apart = Math.abs(event - first);
    if (apart > most) return;
    const others = bestByTrial(
      rest,
      events.filter((_, j) => j !== i),
      most,
    );
    const found = { pairs: others.pairs + 1, sum: others.sum + apart };
    if (found.pairs > best.pairs || (found.pairs === best.pairs && found.sum < best.sum)) best = found;
  });
  return best;
}

describe('pairs by closeness in time', () => {
  it('do not leave one unpaired for the nearest of another', () => {
    expect(pair([0, 50], [45, 100], 60)).to.deep.equal([
      [0, 0],
      [1, 1],
    ]);
  });

  it('are as many as can be, with the smallest differences in sum', () => {
    const times = fc.array(fc.nat(60), { maxLength: 5 });
    fc.assert(
      fc.property(times, times, fc.nat(30), (requests, events, most) => {
        const found = pair(requests, events, most);
        const sum = found.reduce(
          (total, [request, event]) => total + Math.abs(requests[request]! - events[event]!),
          0,
        );
        expect(new Set(found.map(([request]) => request)).size).to.equal(found.length);
        expect(new Set(found.map(([, event]) => event)).size).to.equal(found.length);
        for (const [request, event] of found)
          expect(Math.abs(requests[request]! - events[event]!)).to.be.at.most(most);
        expect({ pairs: found.length, sum }).to.deep.equal(bestByTrial(requests, events, most));
      }),
    );
  });

  it('are found for a hundred thousand at one time, in time', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => i % 7);
    expect(pair(many, many, 10)).to.have.length(100_000);
    const apart = Array.from({ length: 100_000 }, (_, i) => i * 100);
    expect(
      pair(
        apart,
        apart.map((time) => time + 3),
        10,
      ),
    ).to.have.length(100_000);
  });
});
