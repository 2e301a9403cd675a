import { expect } from 'chai';
import { CONFORMING_HOOKS } from '../hooks/conforming-hooks';
import type { HostConnection } from '../hooks/connection-hooks';
import { bindOf, callOf, requestOf } from '../testing/lab';
import { type Bursts, memoryOf, watchBursts } from './burst';

const call = callOf(requestOf(1));
const bind = bindOf();

/** A connection that notes what the host takes from it, and how many calls the burst had then; 0 for none. */
function connectionOf(bursts: () => Bursts, taken: [string, number][], name: string): HostConnection {
  const association = { callCount: 0, hadFault: false, contextBeforeAlter: null, isMidPdu: false };
  const take = (chunk: Uint8Array | null): void => {
    const kind = chunk === null ? 'end' : chunk === bind ? 'bind' : 'call';
    taken.push([`${name} ${kind}`, bursts().current()?.calls ?? 0]);
  };
  return { association, take };
}

/** What is taken of these, all received at once, until the last call was taken. */
async function takenOf(
  received: readonly (readonly [string, Uint8Array | null])[],
): Promise<[string, number][]> {
  const taken: [string, number][] = [];
  const connections = new Map<string, HostConnection>();
  await new Promise<void>((resolve) => {
    let done = 0;
    const right = {
      ...CONFORMING_HOOKS,
      received: (connection: HostConnection, chunk: Uint8Array | null) => {
        connection.take(chunk);
        if (++done === received.length) resolve();
      },
    };
    const bursts = watchBursts(right);
    for (const [name, chunk] of received) {
      const connection = connections.get(name) ?? connectionOf(() => bursts, taken, name);
      connections.set(name, connection);
      bursts.received(connection, chunk);
    }
  });
  return taken;
}

describe('bursts', () => {
  it('are calls that come while others wait, all of them', async () => {
    expect(
      await takenOf([
        ['a', call],
        ['b', call],
        ['c', call],
      ]),
    ).to.deep.equal([
      ['a call', 3],
      ['b call', 3],
      ['c call', 3],
    ]);
  });

  it('are none where a call comes alone', async () => {
    expect(await takenOf([['a', call]])).to.deep.equal([['a call', 0]]);
  });

  it('let everything else pass at once, but not before a call of the same connection', async () => {
    const taken = await takenOf([
      ['a', call],
      ['a', null],
      ['b', bind],
    ]);
    expect(taken).to.deep.equal([
      ['b bind', 0],
      ['a call', 0],
      ['a end', 0],
    ]);
  });

  it('are told when they have ended, once each', async () => {
    const ended: number[] = [];
    await new Promise<void>((resolve) => {
      const bursts: Bursts = watchBursts({ ...CONFORMING_HOOKS, received: () => {} }, (burst) => {
        ended.push(burst.calls);
        resolve();
      });
      for (const name of ['a', 'b'])
        bursts.received(
          connectionOf(() => bursts, [], name),
          call,
        );
    });
    expect(ended).to.deep.equal([2]);
  });
});

describe('a memory', () => {
  it('keeps what it made for each', () => {
    const memory = memoryOf<object, number[]>(() => []);
    const [one, other] = [{}, {}];
    memory(one).push(1);
    expect([memory(one), memory(other)]).to.deep.equal([[1], []]);
  });
});
