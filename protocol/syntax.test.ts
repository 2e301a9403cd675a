import { expect } from 'chai';
import {
  BTFN_KEEP_CONNECTION_ON_ORPHAN,
  BTFN_SECURITY_CONTEXT_MULTIPLEXING,
  btfnBits,
  btfnSyntax,
  KMS_INTERFACE,
  TRANSFER_SYNTAXES,
  transferSyntaxOf,
} from './syntax';

/** Wire format, section 1. */
const NDR32 = '8a885d04-1ceb-11c9-9fe8-08002b104860';
const NDR64 = '71710533-beba-4937-8319-b5dbef9ccc36';
const BTFN_RECORDED = '6cb71c2c-9812-4540-0300-000000000000';

describe('syntaxes', () => {
  it('are those of the session', () => {
    expect(KMS_INTERFACE).to.deep.equal({
      uuid: '51c82175-844e-4750-b0d8-ec255555bc06',
      major: 1,
      minor: 0,
    });
    expect(TRANSFER_SYNTAXES).to.deep.equal({
      ndr32: { uuid: NDR32, version: 2 },
      ndr64: { uuid: NDR64, version: 1 },
    });
  });

  const known: readonly [uuid: string, version: number, name: string | undefined][] = [
    [NDR32, 2, 'ndr32'],
    [NDR64, 1, 'ndr64'],
    [NDR32, 1, undefined],
    [NDR64, 2, undefined],
    [BTFN_RECORDED, 1, undefined],
    ['00000000-0000-0000-0000-000000000000', 0, undefined],
  ];
  for (const [uuid, version, name] of known) {
    it(`${uuid} version ${version} is ${name ?? 'neither of the two'}`, () => {
      expect(transferSyntaxOf({ uuid, version })).to.equal(name);
    });
  }

  it('of bind time features carry their bits in the first octet behind the prefix', () => {
    const both = BTFN_SECURITY_CONTEXT_MULTIPLEXING | BTFN_KEEP_CONNECTION_ON_ORPHAN;
    expect(btfnSyntax(both)).to.deep.equal({ uuid: BTFN_RECORDED, version: 1 });
    expect(btfnBits({ uuid: BTFN_RECORDED, version: 1 })).to.equal(both);
    expect(btfnSyntax(1).uuid).to.equal('6cb71c2c-9812-4540-0100-000000000000');
    expect(btfnSyntax(0xa5).uuid).to.equal('6cb71c2c-9812-4540-a500-000000000000');
    for (const bits of [0, 1, 2, 0x10, 0xff]) expect(btfnBits(btfnSyntax(bits))).to.equal(bits);
  });

  it('of bind time features are known by their prefix alone', () => {
    expect(btfnBits({ uuid: '6cb71c2c-9812-4540-02ff-ffffffffffff', version: 7 })).to.equal(2);
    for (const uuid of [NDR32, NDR64, '6cb71c2c-9812-4541-0300-000000000000']) {
      expect(btfnBits({ uuid, version: 1 })).to.equal(undefined);
    }
  });
});
