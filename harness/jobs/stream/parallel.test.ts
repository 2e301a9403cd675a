import { expect } from 'chai';
import type { FaultName } from '../../lab-host';
import { withLabTarget } from '../testing/lab-target';
import { parseStream } from './parse';
import { runStream } from './stream-job';

const MIXED =
  'server*10 par(renew(server)*5 server*3) client renew(server)*13 par(client*20 renew(client)*5 duplicate(client))';

const play = (notation: string, faults: readonly FaultName[] = [], keep = false) =>
  withLabTarget({ faults }, (target) =>
    runStream({ program: parseStream(notation), seed: 4, keep }, { target }),
  );

describe('a stream with requests at the same time', () => {
  for (const keep of [false, true]) {
    it(`has an order on a good host${keep ? ', on kept connections' : ''}`, async () => {
      const { results, sections } = await play(
        `${MIXED} wait(31d) par(renew(client)*3 client*2) client`,
        [],
        keep,
      );
      expect(results[0]!.outcome, results[0]!.message).to.equal('passed');
      expect(sections.trajectory.requests).to.equal(10 + 8 + 1 + 13 + 26 + 5 + 1);
    });
  }

  for (const fault of [
    'same-count-twice',
    'renewal-lost-at-once',
    'displaces-two-at-once',
    'late-count',
  ] as const) {
    it(`has none where a host has ${fault}`, async () => {
      const { results } = await play(MIXED, [fault]);
      expect(results[0]!.outcome).to.equal('failed');
      expect(results[0]!.message).to.match(
        /received \d+: by all that was answered before, .* would have been possible/,
      );
    });
  }

  const bad: [string, RegExp][] = [
    ['par(wait(3d) client)', /a wait or a control cannot be part of par/],
    ['par(par(client))', /cannot be part of another/],
    ['client par(reimage)', /re-imaged/],
    ['client par(renew(all))', /say how many/],
    ['par(client*600)', /at most 512/],
    ['par client', /takes a group/],
  ];
  for (const [notation, problem] of bad) {
    it(`refuses ${notation}`, () => {
      expect(() => parseStream(notation)).to.throw(problem);
    });
  }
});
