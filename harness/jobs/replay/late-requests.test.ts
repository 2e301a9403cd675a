import { expect } from 'chai';
import fc from 'fast-check';
import { LateRequests } from './late-requests';
import type { RecordedRequest } from './reading';

const requestOf = (index: number): RecordedRequest =>
  ({ exchange: { index }, turns: [] }) as unknown as RecordedRequest;

/** Sources of requests are asynchronous. */
async function* handedOut(order: readonly number[]): AsyncGenerator<RecordedRequest[], void, undefined> {
  for (let at = 0; at < order.length; at += 3)
    yield await Promise.resolve(order.slice(at, at + 3).map(requestOf));
}

async function ordered(first: readonly number[], again = first): Promise<number[]> {
  const late = new LateRequests();
  for (const index of first) late.note(requestOf(index));
  const order: number[] = [];
  for await (const requests of late.inOrder(handedOut(again)))
    order.push(...requests.map(({ exchange }) => exchange.index));
  return order;
}

describe('requests that are handed out late', () => {
  it('stand where they were made, whatever the order that they come in', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(40).chain((length) => fc.shuffledSubarray([...Array(length).keys()])),
        async (order) => {
          expect(await ordered(order)).to.deep.equal([...order].sort((one, other) => one - other));
        },
      ),
    ));

  it('are kept up to a bound, beyond which they come when they come', async () => {
    const many = 5000;
    const order = [many, ...Array(many).keys()];
    const late = new LateRequests();
    for (const index of order) late.note(requestOf(index));
    expect(late.beyond).to.equal(many - 4096);
    const found = await ordered(order);
    expect(found.slice(0, 4097)).to.deep.equal([...Array(4096).keys(), many]);
    expect(new Set(found).size).to.equal(many + 1);
  });
});
