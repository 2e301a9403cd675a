import { expect } from 'chai';
import { Outbox } from './outbox';

/** Outlets that note what was written to them, with the turns of an event loop that ends when it is told to. */
function makeOutbox() {
  const written: string[] = [];
  const ends: (() => void)[] = [];
  const outbox = new Outbox((run) => void ends.push(run));
  const outlet = (name: string) => ({
    writeNow: (bytes: Uint8Array): void => void written.push(`${name}${bytes[0]}`),
  });
  const [a, b] = [outlet('a'), outlet('b')];
  const write = (to: typeof a, octet: number): void => outbox.write(to, Uint8Array.of(octet));
  const turnEnds = (): void => ends.splice(0).forEach((run) => run());
  return { outbox, written, a, b, write, turnEnds, ends };
}

describe('outbox', () => {
  it('writes at once where one connection asks', () => {
    const { written, a, write, ends } = makeOutbox();
    for (let i = 0; i < 3; i++) write(a, i);
    expect(written).to.deep.equal(['a0', 'a1', 'a2']);
    expect(ends).to.be.empty;
  });

  it('writes the answers of several together when the turn ends, in the order in which they were made', () => {
    const { written, a, b, write, turnEnds, ends } = makeOutbox();
    write(a, 0);
    write(b, 1);
    write(a, 2);
    write(b, 3);
    expect(written).to.deep.equal(['a0']);
    expect(ends).to.have.length(1);
    turnEnds();
    expect(written).to.deep.equal(['a0', 'b1', 'a2', 'b3']);
  });

  it('goes back to writing at once when one is left, and gathers again when there are two', () => {
    const { written, a, b, write, turnEnds } = makeOutbox();
    write(a, 0);
    write(b, 1);
    turnEnds();
    write(b, 2);
    expect(written).to.deep.equal(['a0', 'b1', 'b2']);
    write(a, 3);
    write(b, 4);
    expect(written).to.have.length(3);
    turnEnds();
    expect(written).to.deep.equal(['a0', 'b1', 'b2', 'a3', 'b4']);
  });

  it('keeps no answer back where a connection ends before the turn does', () => {
    const { outbox, written, a, b, write, turnEnds } = makeOutbox();
    write(a, 0);
    write(b, 1);
    outbox.flush();
    expect(written).to.deep.equal(['a0', 'b1']);
    turnEnds();
    expect(written).to.have.length(2);
  });
});
