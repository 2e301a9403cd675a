import { expect } from 'chai';
import fc from 'fast-check';
import { hex } from './codec/json';
import { isGuid, NIL_GUID, readGuid, writeGuid } from './guid';
import { expectProtocolError } from './testing/expect-error';

/** From the recorded bind: the interface as it is stored. */
const KMS_INTERFACE = '51c82175-844e-4750-b0d8-ec255555bc06';
const STORED = '7521c8514e845047b0d8ec255555bc06';

const written = (guid: string, bigEndian = false): string => {
  const target = new Uint8Array(16);
  writeGuid(target, 0, guid, bigEndian);
  return hex(target);
};

describe('GUID', () => {
  it('stores the first three groups little-endian, the rest as written', () => {
    expect(written(KMS_INTERFACE)).to.equal(STORED);
    expect(readGuid(Buffer.from(STORED, 'hex'), 0)).to.equal(KMS_INTERFACE);
    const target = new Uint8Array(16);
    writeGuid(target, 0, KMS_INTERFACE);
    expect(hex(target)).to.equal(STORED);
  });

  it('stores all groups as written where integers are big-endian', () => {
    expect(written(KMS_INTERFACE, true)).to.equal(KMS_INTERFACE.replaceAll('-', ''));
    expect(readGuid(Buffer.from(KMS_INTERFACE.replaceAll('-', ''), 'hex'), 0, true)).to.equal(KMS_INTERFACE);
  });

  it('takes capitals, yields small letters, and knows nil', () => {
    expect(written(KMS_INTERFACE.toUpperCase())).to.equal(STORED);
    expect(readGuid(new Uint8Array(16), 0)).to.equal(NIL_GUID);
  });

  it('comes back as it was, from any octets at any offset', () => {
    const octets = fc.uint8Array({ minLength: 16, maxLength: 16, size: 'max' });
    fc.assert(
      fc.property(octets, fc.nat(20), fc.boolean(), (stored, offset, bigEndian) => {
        const around = new Uint8Array(offset + 16 + 3).fill(0xee);
        around.set(stored, offset);
        const guid = readGuid(around, offset, bigEndian);
        expect(isGuid(guid)).to.be.true;
        const target = new Uint8Array(around.length).fill(0xee);
        writeGuid(target, offset, guid, bigEndian);
        expect(hex(target)).to.equal(hex(around));
      }),
    );
  });

  const bad = [
    '',
    '51c82175',
    `${KMS_INTERFACE}0`,
    `0${KMS_INTERFACE}`,
    KMS_INTERFACE.slice(0, -1),
    `{${KMS_INTERFACE}}`,
    KMS_INTERFACE.replaceAll('-', ''),
    KMS_INTERFACE.replace('-', '_'),
    KMS_INTERFACE.replace('5', 'g'),
    KMS_INTERFACE.replace('5', '\u0135'),
    KMS_INTERFACE.replace('5', '\u0435'),
    KMS_INTERFACE.replace('5', '\0'),
    KMS_INTERFACE.replace('5', '/'),
    KMS_INTERFACE.replace('5', '@'),
    KMS_INTERFACE.replace('5', '`'),
    ` ${KMS_INTERFACE.slice(1)}`,
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(isGuid(text)).to.be.false;
      expect(expectProtocolError(() => written(text)).code).to.equal('bad-input');
    });
  }

  it('refuses exactly what its pattern refuses', () => {
    const mutated = fc.tuple(fc.nat(35), fc.integer({ min: 0, max: 0xffff })).map(([at, unit]) => {
      return KMS_INTERFACE.slice(0, at) + String.fromCharCode(unit) + KMS_INTERFACE.slice(at + 1);
    });
    fc.assert(
      fc.property(mutated, (text) => {
        if (isGuid(text)) expect(written(text)).to.have.length(32);
        else expectProtocolError(() => written(text));
      }),
      { numRuns: 2000 },
    );
  });
});
