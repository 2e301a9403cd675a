import { expect } from 'chai';
import { Gate } from './gate';

/** Lets everything that is due run, so that no test waits by the clock. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the gate of workers that share a target', () => {
  it('lets any number run cases at once', async () => {
    const memory = Gate.memory();
    const [one, other] = [new Gate(memory, turn), new Gate(memory, turn)];
    let together = 0;
    await one.among(() => other.among(() => Promise.resolve(void together++)));
    expect(together).to.equal(1);
  });

  it('lets one alone look, when those who run are through, and nobody begin meanwhile', async () => {
    const memory = Gate.memory();
    const [runner, looker, late] = [new Gate(memory, turn), new Gate(memory, turn), new Gate(memory, turn)];
    const order: string[] = [];
    let end = (): void => {};
    const running = runner.among(async () => {
      await new Promise<void>((resolve) => (end = resolve));
      order.push('ran');
    });
    const looking = looker.alone(async () => {
      order.push('looks');
      await turn();
      order.push('looked');
    });
    await turn();
    expect(runner.wanted).to.equal(true);
    const beginning = late.among(() => Promise.resolve(void order.push('late')));
    await turn();
    expect(order).to.deep.equal([]);
    end();
    await Promise.all([running, looking, beginning]);
    expect(order).to.deep.equal(['ran', 'looks', 'looked', 'late']);
    expect([runner.looks, looker.wanted]).to.deep.equal([1, false]);
  });

  it('lets lookers take turns, and opens again after one that failed', async () => {
    const memory = Gate.memory();
    let inside = 0;
    let most = 0;
    const look = async (fails: boolean): Promise<void> =>
      new Gate(memory, turn).alone(async () => {
        most = Math.max(most, ++inside);
        await turn();
        inside--;
        if (fails) throw new Error('the host is gone');
      });
    const ends = await Promise.allSettled([look(true), look(false), look(true), look(false)]);
    expect(ends.map(({ status }) => status)).to.deep.equal([
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(most).to.equal(1);
    expect(new Gate(memory).looks).to.equal(4);
  });
});
