import { expect } from 'chai';
import { caseArbitrary } from '../../../cases/generate/case-arbitrary';
import { CaseSource } from '../../../cases/generate/case-source';
import { NO_CORPUS } from '../../../cases/generate/corpus';
import { learnCapabilities } from '../../../cases/conduct/probe';
import { Random } from '../../../support/random';
import { openTarget } from '../../../target';
import { FindingBook } from '../findings/finding';
import { FuzzSession } from './session';

const BLOCK = 60;
const BLOCKS = 6;

const blockOf = (number: number): readonly number[] =>
  Array.from({ length: BLOCK }, (_, i) => number * BLOCK + i);

/** Hears which case is begun, in which order. */
class Listening extends CaseSource {
  readonly begun: number[] = [];

  override next(index: number): ReturnType<CaseSource['next']> {
    this.begun.push(index);
    return super.next(index);
  }
}

describe('blocks of cases that follow one another', () => {
  it('are begun while the last of the former are waited for: each case once, and told of with its own block', async () => {
    const target = await openTarget({ lab: { seed: 1 } });
    try {
      const random = new Random(1);
      const base = { endpoint: target.endpoint, profile: target.profile, mac: target.mac, timeoutMs: 5000 };
      const capabilities = await learnCapabilities(base, random, target.clock.now());
      const arbitrary = caseArbitrary({ levels: ['message', 'sequence', 'tcp'], corpus: NO_CORPUS });
      const source = new Listening(arbitrary, 1);
      const found: string[] = [];
      const session = new FuzzSession(source, {
        ...{ context: { ...base, capabilities }, controls: {}, random, book: new FindingBook() },
        ...{ lanes: 16, connections: 'kept', exclusive: false, shrinkTimeoutMs: 1000 },
        onFinding: ({ message }) => Promise.resolve(void found.push(message)),
        onUnconfirmed: ({ message }) => void found.push(message),
      });
      const ahead: number[] = [];
      for (let number = 0; number < BLOCKS; number++) {
        const following = number + 1 < BLOCKS ? blockOf(number + 1) : [];
        await session.run(blockOf(number), undefined, following);
        expect(session.takeCases()).to.equal(BLOCK);
        ahead.push(source.begun.length - (number + 1) * BLOCK);
      }
      expect(source.begun.toSorted((a, b) => a - b)).to.deep.equal(
        Array.from({ length: BLOCKS * BLOCK }, (_, index) => index),
      );
      expect(Math.max(...ahead), 'begun before their turn').to.be.greaterThan(0);
      expect(ahead.at(-1)).to.equal(0);
      expect(found).to.deep.equal([]);
      await session.idle();
      session.close();
    } finally {
      await target.close();
    }
  });
});
