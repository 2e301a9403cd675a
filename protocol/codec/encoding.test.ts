import { expect } from 'chai';
import { layout, ndrUint, u16 } from '../layout';
import { encode } from './encode';
import { encodingIndex, LITTLE_ENDIAN } from './encoding';
import { hex } from './json';

describe('encodings', () => {
  it('have the first four indices, one each', () => {
    const indices = [false, true].flatMap((bigEndian) =>
      ([4, 8] as const).map((ndrWidth) => encodingIndex({ bigEndian, ndrWidth })),
    );
    expect(indices.sort()).to.deep.equal([0, 1, 2, 3]);
  });

  it('are little-endian with lengths of 4 bytes where none is named', () => {
    expect(LITTLE_ENDIAN).to.deep.equal({ bigEndian: false, ndrWidth: 4 });
    const sized = layout('sized', { length: ndrUint('length'), number: u16('number') });
    expect(hex(encode(sized, { length: 1n, number: 2 }))).to.equal('010000000200');
  });
});
