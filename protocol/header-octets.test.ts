import { expect } from 'chai';
import { authLengthAt, callIdAt, fragLengthAt, isBigEndianAt } from './header-octets';

/** The header of wire-format.md section 2 for a request of 0x0102 bytes, auth_length 0x0304, call_id 0x05060708. */
const LITTLE = Buffer.from('0500000310000000' + '0201' + '0403' + '08070605', 'hex');
const BIG = Buffer.from('0500000300000000' + '0102' + '0304' + '05060708', 'hex');

describe('the octets of a header', () => {
  for (const [name, header, bigEndian] of [
    ['little-endian', LITTLE, false],
    ['big-endian', BIG, true],
  ] as const) {
    it(`are read in the byte order of packed_drep, ${name}, wherever the header stands`, () => {
      for (const at of [0, 1, 7]) {
        const bytes = Buffer.concat([Buffer.alloc(at, 0xaa), header, Buffer.alloc(3, 0xbb)]);
        expect(isBigEndianAt(bytes, at)).to.equal(bigEndian);
        expect(fragLengthAt(bytes, at)).to.equal(0x0102);
        expect(authLengthAt(bytes, at)).to.equal(0x0304);
        expect(callIdAt(bytes, at)).to.equal(0x05060708);
      }
    });
  }

  it('stand at the start unless told', () => {
    expect([fragLengthAt(BIG), authLengthAt(BIG), callIdAt(BIG)]).to.deep.equal([0x0102, 0x0304, 0x05060708]);
  });

  it('have their byte order in the high half of the first octet of packed_drep', () => {
    for (const [octet, bigEndian] of [
      [0x00, true],
      [0x01, true],
      [0x10, false],
      [0x11, false],
    ] as const) {
      expect(isBigEndianAt(Buffer.from(BIG).fill(octet, 4, 5)), `${octet}`).to.equal(bigEndian);
    }
  });
});
