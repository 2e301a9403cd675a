import { expect } from 'chai';
import { Pulse } from './pulse';

/** Lets everything that is due run, so that no test waits by the clock. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the pulse of a host', () => {
  let asked: ((answers: boolean) => void)[];
  const pulse = (): Pulse => new Pulse(() => new Promise<boolean>((resolve) => asked.push(resolve)));
  beforeEach(() => (asked = []));

  it('is never told by a question from before', async () => {
    const one = pulse();
    const early = one.check();
    const late = [one.check(), one.check(), one.check()];
    await turn();
    expect(asked).to.have.length(1);
    asked[0]!(true);
    expect(await early).to.equal(true);
    await turn();
    expect(asked, 'one question for all that came meanwhile').to.have.length(2);
    asked[1]!(false);
    expect(await Promise.all(late)).to.deep.equal([false, false, false]);
  });

  it('is asked anew when nothing is under way', async () => {
    const one = pulse();
    for (let round = 0; round < 3; round++) {
      const answer = one.check();
      asked[round]!(round !== 1);
      expect(await answer).to.equal(round !== 1);
    }
    expect(asked).to.have.length(3);
  });
});
