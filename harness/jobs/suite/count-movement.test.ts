import { expect } from 'chai';
import { countMoves, hasRoom } from './count-movement';
import type { RequestDriver } from './host/request-driver';
import type { Session } from './session';

/** A host whose count at its n-th answer, from 0, is what it is told to be. */
function hostCounting(countAt: (answer: number) => number): { session: Session; driver: RequestDriver } {
  let answers = 0;
  const session = { regular: {}, stoodStillAt: null } as unknown as Session;
  const driver = {
    activate: () => Promise.resolve({ count: countAt(answers++) }),
  } as unknown as RequestDriver;
  return { session, driver };
}

/** The first answer and four behind it come one right after the other; those from here on have time between them. */
const FIRST_WATCHED = 5;

async function moves(countAt: (answer: number) => number): Promise<boolean> {
  const { session, driver } = hostCounting(countAt);
  return countMoves(session, driver);
}

describe('whether others raise a count', () => {
  it('is not so where it stands still', async () => {
    expect(await moves(() => 7)).to.equal(false);
  });

  it('is so where it rises once in the time between two requests', async () => {
    for (const at of [FIRST_WATCHED, FIRST_WATCHED + 4])
      expect(await moves((answer) => (answer < at ? 7 : 8)), `at ${at}`).to.equal(true);
  });

  it('is not so where it rises with each request of the run, which is the host’s own doing', async () => {
    for (const step of [1, 2]) expect(await moves((answer) => 3 + step * answer), `${step}`).to.equal(false);
  });

  it('is so where it rises by more than that', async () => {
    expect(await moves((answer) => (answer < FIRST_WATCHED ? answer : answer * 6))).to.equal(true);
  });

  it('is so where the cache fills up at once, and not where each renewal fills it by one more', async () => {
    expect(await moves((answer) => (answer === 0 ? 20 : 50))).to.equal(true);
    expect(await moves((answer) => Math.min(50, 47 + answer))).to.equal(false);
  });

  it('is not seen in a full cache, where nothing rises', async () => {
    expect(await moves(() => 50)).to.equal(false);
    expect([49, 50, 51].map(hasRoom)).to.deep.equal([true, false, true]);
  });

  it('says when a watch that took its time saw it stand still', async () => {
    const short = hostCounting(() => 7);
    await countMoves(short.session, short.driver);
    expect(short.session.stoodStillAt).to.equal(null);
    const long = hostCounting(() => 7);
    expect(await countMoves(long.session, long.driver, 240)).to.equal(false);
    expect(long.session.stoodStillAt).to.be.a('number');
  });
});
