import { expect } from 'chai';
import { type OpenConnection, OpenConnections } from './open-connections';

class Fake implements OpenConnection {
  wasLetGo = false;

  constructor(
    readonly name: string,
    readonly awaitsAnswer = false,
  ) {}

  letGo(): void {
    this.wasLetGo = true;
  }
}

const named = (...names: string[]): Fake[] => names.map((name) => new Fake(name));

describe('connections where there is no room for more', () => {
  it('go in the order in which something last moved on them', () => {
    const [a, b, c, d, e] = named('a', 'b', 'c', 'd', 'e') as [Fake, Fake, Fake, Fake, Fake];
    const open = new OpenConnections<Fake>(3);
    for (const one of [a, b, c]) open.add(one);
    for (const one of [c, b, a]) open.heard(one);
    open.left(b);
    open.add(d);
    open.heard(d);
    expect([a, c, d].some(({ wasLetGo }) => wasLetGo)).to.equal(false);
    open.add(e);
    expect([a, b, c, d, e].filter(({ wasLetGo }) => wasLetGo)).to.deep.equal([c]);
    expect(open.size).to.equal(3);
  });

  it('go first where nothing was ever said on them', () => {
    const open = new OpenConnections<Fake>(2);
    const [old, silent, newest] = named('old', 'silent', 'newest') as [Fake, Fake, Fake];
    for (const one of [old, silent]) open.add(one);
    open.heard(old);
    open.add(newest);
    expect([old.wasLetGo, silent.wasLetGo]).to.deep.equal([false, true]);
  });

  it('stay while they wait for an answer and another does not', () => {
    const open = new OpenConnections<Fake>(2);
    const [waits, idle] = [new Fake('waits', true), new Fake('idle')];
    for (const one of [waits, idle, new Fake('new', true)]) open.add(one);
    expect([waits.wasLetGo, idle.wasLetGo]).to.deep.equal([false, true]);
    open.add(new Fake('newest'));
    expect(waits.wasLetGo, 'all others wait').to.equal(true);
  });

  it('are no more than when descriptors ran out, though low numbers become free', () => {
    const open = new OpenConnections<Fake>();
    const all = named(...'abcdefgh');
    all.forEach((one, i) => open.add(one, i === 4));
    expect(all.filter(({ wasLetGo }) => wasLetGo).map(({ name }) => name)).to.deep.equal([...'abcd']);
    open.add(new Fake('i'), true);
    expect(open.size, 'others have taken some').to.equal(4);
  });

  it('are no more on any server of the process: what one lets go of would be taken by another', () => {
    const [clients, commands] = [new OpenConnections<Fake>(), new OpenConnections<Fake>()];
    const [first, second, third] = named('first', 'second', 'third') as [Fake, Fake, Fake];
    for (const one of [first, second]) clients.add(one);
    commands.add(new Fake('command'), true);
    clients.add(third);
    expect([clients.size, first.wasLetGo, third.wasLetGo]).to.deep.equal([2, true, false]);
    const later = new OpenConnections<Fake>();
    for (const one of named('a', 'b', 'c')) later.add(one);
    expect(later.size, 'a server that began since').to.equal(3);
  });

  it('that have left are not kept again, and the newest is never let go of', () => {
    const open = new OpenConnections<Fake>();
    const [one, newest] = named('one', 'newest') as [Fake, Fake];
    open.add(one);
    open.left(one);
    open.heard(one);
    open.add(newest, true);
    expect([open.size, newest.wasLetGo]).to.deep.equal([1, false]);
  });
});
