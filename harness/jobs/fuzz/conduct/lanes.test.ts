import { expect } from 'chai';
import { Lanes } from './lanes';

/** Something that is waited for until it is let go on. */
class Waits {
  readonly #waiting: (() => void)[] = [];
  atATime = 0;

  wait(): Promise<void> {
    const waited = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.atATime = Math.max(this.atATime, this.#waiting.length);
    return waited;
  }

  letGo(): void {
    for (const goOn of this.#waiting.splice(0)) goOn();
  }
}

describe('lanes', () => {
  it('have a case that takes long give its place to another, up to so many more, and wait for all', async () => {
    const lanes = new Lanes({ lanes: 2, more: 3, longMs: () => 10 });
    const waits = new Waits();
    let begun = 0;
    let over = 0;
    const numbers = new Set<number>();
    await lanes.run(
      () => begun < 40,
      async (lane) => {
        numbers.add(lane);
        // The first five are never answered, until nothing else is left to do.
        if (begun++ < 5) {
          if (begun === 5) setTimeout(() => waits.letGo(), 50);
          await waits.wait();
        }
        over++;
      },
    );
    expect([over, waits.atATime]).to.deep.equal([40, 5]);
    expect([...numbers].sort()).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('are as many as they were once those are over', async () => {
    let longMs = 10;
    const lanes = new Lanes({ lanes: 2, more: 3, longMs: () => longMs });
    const waits = new Waits();
    let begun = 0;
    let underWay = 0;
    let most = 0;
    const long = async (): Promise<void> => {
      if (begun < 5) return waits.wait();
      // All five wait by now.
      longMs = Infinity;
      const waited = waits.wait();
      waits.letGo();
      return waited;
    };
    await lanes.run(
      () => begun < 60,
      async () => {
        if (++begun <= 5) return long();
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
      },
    );
    expect([begun, most]).to.deep.equal([60, 2]);
  });

  it('tell what one throws, once the others are over, and begin no more', async () => {
    const lanes = new Lanes({ lanes: 3, more: 0, longMs: () => Infinity });
    let begun = 0;
    let over = 0;
    const failed = await lanes
      .run(
        () => true,
        async () => {
          const number = begun++;
          await new Promise((resolve) => setImmediate(resolve));
          if (number === 0) throw new Error('the host is gone');
          over++;
        },
      )
      .catch((error: unknown) => error);
    expect((failed as Error).message).to.equal('the host is gone');
    expect([begun, over]).to.deep.equal([3, 2]);
  });
});
