import { expect } from 'chai';
import { decodePdu, encodePdu, pduFieldMap } from './pdu';
import { expectProtocolError } from './testing/expect-error';

const octets = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('PDUs that are refused', () => {
  const refused: readonly [why: string, bytes: string, message: string][] = [
    [
      'RPC version 4',
      '04000003 10000000 1000 0000 00000000',
      'rpc.header.rpcVers at offset 0: expected 5, found 4 (bad-value)',
    ],
    [
      'a frag_length that is too small',
      '05001103 10000000 0f00 0000 00000000',
      'rpc.header.fragLength at offset 8: expected 16, the bytes of the PDU, found 15 (bad-value)',
    ],
    [
      'a frag_length that is too large',
      '05001103 10000000 1100 0000 00000000',
      'rpc.header.fragLength at offset 8: expected 16, the bytes of the PDU, found 17 (bad-value)',
    ],
    [
      'an auth_length beyond the PDU',
      '05001103 10000000 1000 0100 00000000',
      'rpc.header.authLength at offset 10: expected at most 0, found 1 (too-long)',
    ],
    [
      'an auth_length that leaves no room for the header of the trailer',
      '05001103 10000000 1a00 0300 00000000 0a050000 01000000 1122',
      'rpc.header.authLength at offset 10: expected at most 2, found 3 (too-long)',
    ],
    [
      'no body',
      '05000303 10000000 1000 0000 00000000',
      'rpc.fault.allocHint at offset 16: expected 4 bytes, found 0 bytes (truncated)',
    ],
    [
      'a body that runs into the authentication trailer',
      '05000303 10000000 1e00 0200 00000000 00000000 0a05 0000 01000000 1122',
      'rpc.fault.contextId at offset 20: expected 2 bytes, found 0 bytes (truncated)',
    ],
    [
      'more contexts than are there',
      '05000b03 10000000 2000 0000 00000000 d016d016 00000000 ff000000 00000000',
      'rpc.bind.contexts[0].abstractSyntax.uuid at offset 32: expected 16 bytes, found 0 bytes (truncated)',
    ],
    [
      'a header that is cut off behind its drep',
      '05000b03 10000000 20',
      'rpc.header.fragLength at offset 8: expected 2 bytes, found 1 bytes (truncated)',
    ],
  ];
  for (const [why, text, message] of refused) {
    it(`refuses ${why}`, () => {
      expect(expectProtocolError(() => decodePdu(octets(text))).message).to.equal(message);
      expect(expectProtocolError(() => pduFieldMap(octets(text))).message).to.equal(message);
    });
  }

  it('refuses a PDU of unknown kind without a type, and one that is too long', () => {
    expect(expectProtocolError(() => encodePdu({ kind: 'unknown', header: {}, body: {} }))).to.include({
      code: 'bad-input',
      path: 'rpc.header.ptype',
      offset: 2,
      expected: 'a ptype for a PDU of unknown kind',
      actual: 'none',
    });
    const stub = new Uint8Array(65535);
    const error = expectProtocolError(() =>
      encodePdu({ kind: 'request', header: {}, body: { contextId: 0, opnum: 0, stub } }),
    );
    expect(error).to.include({ code: 'bad-input', path: 'rpc.header.fragLength' });
  });
});
