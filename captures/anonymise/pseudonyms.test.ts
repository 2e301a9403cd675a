import { expect } from 'chai';
import fc from 'fast-check';
import { Pseudonyms } from './pseudonyms';

describe('pseudonyms', () => {
  const pseudonyms = new Pseudonyms('42');

  it('keep the length and the kind of each character, and share no label with the original', () => {
    for (const name of ['LAB-CLIENT.example.test', 'kms03.site5.contoso.com', 'Zürich-01', 'x', '', '日本']) {
      const fresh = pseudonyms.text('name', name);
      expect(fresh).to.have.length(name.length);
      expect(fresh.replaceAll(/[a-z]/gi, 'a').replaceAll(/\d/g, '1')).to.match(/^[a1.-]*$/);
      if (name.length > 1) expect(fresh).to.not.equal(name);
    }
  });

  it('map addresses one to one and keep common prefixes, not one bit more', () => {
    const common = (a: Buffer, b: Buffer): number => {
      let bits = 0;
      while (bits < a.length * 8 && ((a[bits >> 3]! ^ b[bits >> 3]!) & (0x80 >> (bits & 7))) === 0) bits++;
      return bits;
    };
    for (const size of [4, 16]) {
      const first = fc.uint8Array({ minLength: size, maxLength: size, max: 127 });
      const differing = fc.integer({ min: 16, max: size * 8 - 1 });
      const keeps = fc.property(first, differing, (octets, bit) => {
        const [a, b] = [Buffer.from(octets), Buffer.from(octets)];
        b[bit >> 3] = b[bit >> 3]! ^ (0x80 >> (bit & 7));
        expect(common(pseudonyms.address(a), pseudonyms.address(b))).to.equal(bit);
      });
      fc.assert(keeps, { seed: 3, numRuns: 50 });
    }
  });

  it('keep nil machine ids and broadcast addresses, and group addresses group addresses', () => {
    expect(pseudonyms.machineId(Buffer.alloc(16))).to.deep.equal(Buffer.alloc(16));
    expect(pseudonyms.hardwareAddress(Buffer.alloc(6, 0xff))).to.deep.equal(Buffer.alloc(6, 0xff));
    expect(pseudonyms.hardwareAddress(Buffer.from('01005e000001', 'hex'))[0]! & 1).to.equal(1);
    expect(pseudonyms.address(Buffer.of(224, 0, 0, 1))[0]! >> 4).to.equal(14);
  });
});
