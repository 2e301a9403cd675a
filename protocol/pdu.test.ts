import { expect } from 'chai';
import { hex } from './codec/json';
import { decodeHeader, decodePdu, encodePdu, pduFieldMap } from './pdu';
import { DREP_BIG_ENDIAN } from './pdu-layouts';
import { expectProtocolError } from './testing/expect-error';

const octets = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('PDUs that no recording has', () => {
  // Laid out by hand from C706 12.6.4.
  const vectors: readonly [name: string, bytes: string, kind: string, body: Record<string, unknown>][] = [
    [
      'bind_nak with the versions spoken',
      '05000d03 10000000 1700 0000 02000000  0400 02 0500 0501',
      'bindNak',
      { reason: 4, versionCount: 2 },
    ],
    [
      'bind_nak without versions, with octets behind',
      '05000d03 10000000 1500 0000 02000000  0200 00 aabb',
      'bindNak',
      { reason: 2, versionCount: 0 },
    ],
    [
      'fault nca_op_rng_error',
      '05000323 10000000 2000 0000 07000000  00000000 0100 00 00 0200011c 00000000',
      'fault',
      { status: 0x1c010002, contextId: 1, reserved: 0 },
    ],
    [
      'fault with extended error information',
      '05000303 10000000 2400 0000 07000000  20000000 0000 00 01 f7060000 00000000 deadbeef',
      'fault',
      { status: 0x6f7, reserved: 1, allocHint: 32 },
    ],
    ['shutdown', '05001103 10000000 1000 0000 00000000', 'shutdown', {}],
    ['co_cancel', '05001203 10000000 1000 0000 02000000', 'coCancel', {}],
    ['orphaned', '05001303 10000000 1000 0000 02000000', 'orphaned', {}],
    ['a PDU type that is none', '05004203 10000000 1200 0000 02000000 abcd', 'unknown', {}],
    [
      'a request for an object',
      '05000083 10000000 2a00 0000 09000000  02000000 0300 0400 00112233 4455 6677 8899aabbccddeeff  abcd',
      'request',
      { allocHint: 2, contextId: 3, opnum: 4, objectUuid: '33221100-5544-7766-8899-aabbccddeeff' },
    ],
    [
      'a response with the bit that in a request announces an object',
      '05000283 10000000 1a00 0000 09000000  02000000 0300 01 00 abcd',
      'response',
      { allocHint: 2, contextId: 3, cancelCount: 1 },
    ],
    [
      'a big-endian request',
      '05000003 00000000 001a 0000 00000007  00000002 0003 0004 abcd',
      'request',
      { allocHint: 2, contextId: 3, opnum: 4 },
    ],
    [
      'a big-endian fault',
      '05000303 00000000 0020 0000 00000007  00000000 0001 0000 1c010003 00000000',
      'fault',
      { status: 0x1c010003, contextId: 1 },
    ],
    [
      'a request with an authentication trailer',
      '05000003 10000000 2600 0400 01000000  04000000 0000 0000 0a0b  0a 05 00 00 01000000 11223344',
      'request',
      { allocHint: 4, opnum: 0 },
    ],
  ];
  for (const [name, text, kind, body] of vectors) {
    it(`${name}: decodes, encodes, is mapped`, () => {
      const bytes = octets(text);
      const pdu = decodePdu(bytes);
      expect(pdu.kind).to.equal(kind);
      expect(pdu.body).to.include(body);
      expect(hex(encodePdu(pdu))).to.equal(hex(bytes));
      const spans = pduFieldMap(bytes);
      expect(spans.reduce((end, { offset, length }) => (offset === end ? end + length : -1), 0)).to.equal(
        bytes.length,
      );
    });
  }

  it('explains an object, an authentication trailer and what has no layout of its own', () => {
    const told = (text: string): string[] =>
      pduFieldMap(octets(text))
        .slice(10)
        .map(({ field }) => field.doc);
    const withObject = '02000000 0300 0400 00112233 4455 6677 8899aabbccddeeff abcd';
    expect(
      told(`05000083 10000000 3600 0400 09000000 ${withObject} 0a050000 01000000 11223344`),
    ).to.deep.equal([
      'Operation',
      'Object that the call is for',
      'Arguments, or a fragment of them',
      'Authentication service',
      'Protection level',
      'Padding octets in front of the verifier',
      'Reserved',
      'Security context',
      'Credentials, as many bytes as auth_length says',
    ]);
    const shutdown = pduFieldMap(octets('05001103 10000000 1100 0000 00000000 aa'));
    expect(shutdown.at(-1)!.field.doc).to.equal('Octets behind the header');
  });

  it('gives the authentication value its length, unless told otherwise', () => {
    const authTrailer = octets('0a050000 01000000 11223344');
    const body = { contextId: 0, opnum: 0, stub: Uint8Array.of(1, 2) };
    const pdu = decodePdu(encodePdu({ kind: 'request', header: {}, body, authTrailer }));
    expect(pdu.header.authLength).to.equal(4);
    expect(hex(pdu.authTrailer)).to.equal(hex(authTrailer));
    const lying = encodePdu({ kind: 'request', header: { authLength: 0xffff }, body, authTrailer });
    expect(expectProtocolError(() => decodePdu(lying))).to.include({ code: 'too-long', offset: 10 });
  });

  it('sends an object with requests only', () => {
    const objectUuid = '33221100-5544-7766-8899-aabbccddeeff';
    const body = { contextId: 0, status: 5, objectUuid };
    const bytes = encodePdu({ kind: 'fault', header: {}, body });
    expect(hex(bytes)).to.equal('05000303100000002000000001000000' + '00000000000000000500000000000000');
  });

  it('reads the header of another byte order', () => {
    const bytes = encodePdu({
      kind: 'shutdown',
      header: { drep: DREP_BIG_ENDIAN, callId: 0x01020304 },
      body: {},
    });
    expect(hex(bytes)).to.equal('0500110300000000001000000' + '1020304');
    expect(decodeHeader(bytes)).to.include({ callId: 0x01020304, fragLength: 16 });
  });

  it('sends what a header gives, wrong or not', () => {
    const header = {
      rpcVers: 4,
      rpcVersMinor: 9,
      ptype: 0x55,
      pfcFlags: 0,
      fragLength: 1,
      authLength: 2,
      callId: 0,
    };
    const bytes = encodePdu({
      kind: 'request',
      header,
      body: { contextId: 1, opnum: 2, allocHint: 0xffffffff },
    });
    expect(hex(bytes)).to.equal('0409550010000000' + '0100020000000000' + 'ffffffff01000200');
  });

  it('takes an authentication trailer without any body in front of it', () => {
    const bytes = octets('05001103 10000000 1a00 0200 00000000 0a050000 01000000 1122');
    const pdu = decodePdu(bytes);
    expect(hex(pdu.authTrailer)).to.equal('0a050000010000001122');
    expect(
      pduFieldMap(bytes)
        .map(({ path, offset }) => [path, offset])
        .slice(-7),
    ).to.deep.equal([
      ['rpc.other.content', 16],
      ['rpc.auth.authType', 16],
      ['rpc.auth.authLevel', 17],
      ['rpc.auth.authPadLength', 18],
      ['rpc.auth.reserved', 19],
      ['rpc.auth.authContextId', 20],
      ['rpc.auth.authValue', 24],
    ]);
  });
});
