import { expect } from 'chai';
import { bytesOf, filetime, itemsOf, rest, u16, u64, u8, zeroBytes } from './layout';

describe('fields', () => {
  it('say what they are the size of', () => {
    expect(bytesOf(u16('size'), 'data').derive).to.deep.equal({ of: 'data', as: 'bytes' });
    expect(itemsOf(u8('count'), 'list').derive).to.deep.equal({ of: 'list', as: 'items' });
  });

  it('of eight bytes are integers or times', () => {
    expect(u64('n')).to.deep.equal({ kind: 'u64', format: 'integer', doc: 'n' });
    expect(filetime('t')).to.deep.equal({ kind: 'u64', format: 'filetime', doc: 't' });
  });

  it('that may be left out say so', () => {
    expect(zeroBytes('mac', 16)).to.deep.equal({ kind: 'bytes', doc: 'mac', length: 16, optional: true });
    expect(rest('more')).to.deep.equal({ kind: 'bytes', doc: 'more', length: 'rest', optional: true });
  });
});
