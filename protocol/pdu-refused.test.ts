import { expect } from 'chai';
import { decodePdu, encodePdu, pduFieldMap, type PduInput } from './pdu';
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

  it('names the structure of a list whose item does not fit', () => {
    const id = { uuid: '51c82175-844e-4750-b0d8-ec255555bc06' };
    const context = {
      contextId: 0,
      abstractSyntax: { ...id, major: 1, minor: 0 },
      transferSyntaxes: [{ ...id, version: 2 }],
    };
    const bind = (change: object): PduInput => ({
      kind: 'bind',
      header: {},
      body: { maxXmitFrag: 1, maxRecvFrag: 1, contexts: [{ ...context, ...change }] },
    });
    const result = { result: -1, reason: 0, transferSyntax: { ...id, version: 2 } };
    const ack = { maxXmitFrag: 1, maxRecvFrag: 1, assocGroupId: 1, secondaryAddress: Buffer.alloc(0) };
    const cases: readonly [pdu: PduInput, path: string][] = [
      [bind({ contextId: -1 }), 'context.contextId'],
      [bind({ abstractSyntax: { ...id, major: -1, minor: 0 } }), 'syntax.major'],
      [bind({ transferSyntaxes: [{ ...id, version: -1 }] }), 'syntax.version'],
      [{ kind: 'bindAck', header: {}, body: { ...ack, results: [result] } }, 'result.result'],
      [
        { kind: 'bindNak', header: {}, body: { reason: 0, versions: [{ major: -1, minor: 0 }] } },
        'version.major',
      ],
    ];
    for (const [pdu, path] of cases) expect(expectProtocolError(() => encodePdu(pdu)).path).to.equal(path);
  });
});
