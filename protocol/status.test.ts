import { expect } from 'chai';
import { FAULT, faultName, formatStatus, HRESULT, hresultName } from './status';

describe('statuses', () => {
  // Wire format, section 3.
  const hresults: readonly [status: number, name: string][] = [
    [0, 'success'],
    [0x8007000d, 'invalid data'],
    [0xc004f038, 'count too low'],
    [0xc004f042, 'product not offered by this key'],
    [0xc004f06c, "client clock too far from the host's"],
    [0xc004d104, 'licence store'],
  ];
  // Wire format, section 2.
  const faults: readonly [status: number, name: string][] = [
    [0x1c010002, 'nca_op_rng_error'],
    [0x1c010003, 'nca_unk_if'],
    [0x1c01000b, 'nca_proto_error'],
    [0x6f7, 'RPC_X_BAD_STUB_DATA'],
    [5, 'ERROR_ACCESS_DENIED'],
    [0x6bd, 'RPC_S_NO_CALL_ACTIVE'],
  ];

  it('of refusals have the names of the guides, and no others have one', () => {
    for (const [status, name] of hresults) expect(hresultName(status)).to.equal(name);
    expect(Object.values(HRESULT)).to.have.members(hresults.map(([status]) => status));
    for (const [status] of faults) expect(hresultName(status)).to.equal('unknown');
  });

  it('of faults have the names of DCE/RPC, and no others have one', () => {
    for (const [status, name] of faults) expect(faultName(status)).to.equal(name);
    expect(Object.values(FAULT)).to.have.members(faults.map(([status]) => status));
    for (const [status] of hresults) expect(faultName(status)).to.equal('unknown');
  });

  it('are shown as eight hexadecimal digits', () => {
    expect(formatStatus(0xc004f042)).to.equal('0xC004F042');
    expect(formatStatus(0x6f7)).to.equal('0x000006F7');
    expect(formatStatus(0)).to.equal('0x00000000');
  });
});
