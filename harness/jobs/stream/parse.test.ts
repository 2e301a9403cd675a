import { expect } from 'chai';
import fc from 'fast-check';
import { isUnbounded, streamLength } from './notation';
import { parseStream } from './parse';
import { StreamError } from './stream-error';

/** The 1-based character at which parsing fails, and the message. */
function failure(notation: string): { character: number; message: string } {
  try {
    parseStream(notation);
  } catch (error) {
    expect(error).to.be.instanceOf(StreamError);
    const { at, message } = error as StreamError;
    return { character: at + 1, message };
  }
  throw new Error(`${notation} was accepted`);
}

describe('stream notation', () => {
  it('reads the example of the command line', () => {
    const { items } = parseStream('server*15 client*45 renew(server)*5 virtual*3 wait(30d) client*2');
    expect(items.map(({ node, times }) => [node.kind, times])).to.deep.equal([
      ['machine', 15],
      ['machine', 45],
      ['again', 5],
      ['machine', 3],
      ['wait', 1],
      ['machine', 2],
    ]);
    expect(items[4]!.node).to.deep.equal({ kind: 'wait', seconds: 30 * 86_400 });
    expect(items[2]!.node).to.deep.equal({
      kind: 'again',
      action: 'renewal',
      selector: { of: 'server', pick: 'oldest' },
    });
  });

  it('takes products by key, virtual machines of any type, selectors in any order', () => {
    const { items } = parseStream('2008-c r2-b office2010 virtual(server) renew(all) renew(newest, win7)');
    expect(items.map(({ node }) => node)).to.deep.equal([
      { kind: 'machine', type: { word: '2008-c', product: '2008-c', virtual: false } },
      { kind: 'machine', type: { word: 'r2-b', product: 'r2-b', virtual: false } },
      { kind: 'machine', type: { word: 'office2010', product: 'office2010', virtual: false } },
      { kind: 'machine', type: { word: 'virtual server', product: 'r2-b', virtual: true } },
      { kind: 'again', action: 'renewal', selector: { of: 'any', pick: 'all' } },
      { kind: 'again', action: 'renewal', selector: { of: 'win7', pick: 'newest' } },
    ]);
  });

  it('reads groups in groups, shuffles and composed times', () => {
    const { items } = parseStream(
      '(server*2 (client virtual)*3)*4\n shuffle(client*5 server*5) wait(29d23h30m)',
    );
    expect(items[0]!.times).to.equal(4);
    const group = items[0]!.node;
    expect(group.kind === 'group' && group.items.map(({ times }) => times)).to.deep.equal([2, 3]);
    expect(items[1]!.node).to.include({ kind: 'group', shuffled: true });
    expect(items[2]!.node).to.deep.equal({ kind: 'wait', seconds: 29 * 86_400 + 23 * 3600 + 30 * 60 });
  });

  it('reads shares as per cent and as fractions', () => {
    const [mix] = parseStream('mix(servers=20%, virtual=0.1, renewals = 50 %, duplicates=1%)*1000').items;
    expect(mix!.node).to.deep.equal({
      kind: 'mix',
      shares: { servers: 0.2, virtual: 0.1, renewals: 0.5, duplicates: 0.01, clones: 0, reimaged: 0 },
    });
    expect(mix!.times).to.equal(1000);
  });

  it('knows which streams never end', () => {
    expect(isUnbounded(parseStream('server*5 mix(renewals=50%)*forever'))).to.equal(true);
    expect(isUnbounded(parseStream('server*5'))).to.equal(false);
    expect(streamLength(parseStream('(server*5 wait(1d) renew)*3 mix(renewals=50%)*7').items)).to.equal(25);
    expect(streamLength(parseStream('server*5 client*forever').items)).to.equal(Infinity);
  });

  const WRONG: readonly (readonly [notation: string, character: number, says: string])[] = [
    ['', 1, 'empty'],
    ['   ', 4, 'empty'],
    ['server*15 clent*45', 11, 'did you mean client?'],
    ['server*', 8, 'the end'],
    ['server*x', 8, 'a number'],
    ['server*0', 8, 'from 1'],
    ['server*99999999999', 8, 'from 1'],
    ['server*-1', 8, 'a number'],
    ['15*server', 1, 'behind the machine'],
    ['client (server*2', 8, 'not closed'],
    ['client )', 8, 'expected an item'],
    ['()*3', 1, 'empty'],
    ['renew(servers)', 7, 'expected a kind'],
    ['renew(server, client)', 15, 'each once'],
    ['renew(server', 13, '")"'],
    ['clone(all)', 7, 'only renew'],
    ['wait', 5, 'wait(30d)'],
    ['wait(30)', 6, '30d'],
    ['wait(0s)', 6, 'longer than 0'],
    ['wait(99999d)', 6, '100 years'],
    ['virtual(virtual)', 9, 'client, server or a product'],
    ['mix(servers=120%)', 13, '100 %'],
    ['mix(server=20%)', 5, 'expected one of'],
    ['mix(servers)', 12, '"="'],
    ['mix(servers=20%, servers=30%)', 18, 'twice'],
    ['mix(renewals=60%, clones=60%)', 4, 'more than 100 %'],
    ['mix(constructor=1%)', 5, 'expected one of'],
    ['constructor', 1, 'stands for nothing'],
    ['shuffle server', 8, 'takes a group'],
    ['client*forever server', 16, 'behind *forever'],
    ['(client*forever)*2', 2, 'outside groups'],
    ['wait(1d)*forever', 10, 'no request'],
    ['client (wait(1d) reset)*forever', 25, 'no request'],
    ['wait(30d)*2 reset', 18, 'no request'],
    ['renew(', 7, 'found the end'],
    ['!', 1, 'expected a machine'],
  ];
  for (const [notation, character, says] of WRONG) {
    it(`points at character ${character} of ${JSON.stringify(notation)}`, () => {
      const failed = failure(notation);
      expect(failed.message).to.include(says);
      expect(failed.character).to.equal(character);
    });
  }

  it('puts a caret under the character, also far into a long notation', () => {
    const [, shown, caret] = failure('server*15 clent*45').message.split('\n');
    expect(shown![caret!.indexOf('^')]).to.equal('c');
    expect(shown!.slice(caret!.indexOf('^'))).to.equal('clent*45');
    const long = `${'server '.repeat(1000)}clent`;
    const [, cut, below] = failure(long).message.split('\n');
    expect(cut!.slice(below!.indexOf('^'))).to.equal('clent');
    expect(cut!.length).to.be.below(110);
  });

  it('refuses nesting without end instead of running out of stack', () => {
    expect(failure('('.repeat(100_000)).message).to.include('nest at most');
  });

  it('gives a program or a StreamError for any text', () => {
    const words = fc.constantFrom(
      'server',
      '*',
      '(',
      ')',
      'renew',
      'wait(',
      '3',
      ' ',
      'mix(',
      'servers=',
      '%',
      ',',
      '😀',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseStream(text).items).to.not.be.empty;
        } catch (error) {
          if (!(error instanceof StreamError)) throw error;
          expect(error.at).to.be.within(0, text.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
