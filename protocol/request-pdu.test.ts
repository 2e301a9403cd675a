import { expect } from 'chai';
import fc from 'fast-check';
import { hex } from './codec/json';
import { decodePdu, encodePdu } from './pdu';
import { DREP_BIG_ENDIAN, DREP_LITTLE_ENDIAN } from './pdu-layouts';
import { encodeRequestPdu, RequestTemplate, stubOf } from './request-pdu';
import { encodeRequestStub, stubEncoding } from './stub';
import { cutPdus, recordedConnections, RECORDINGS } from './testing/recordings';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const u16 = fc.integer({ min: 0, max: 0xffff });

/** Where calls go, and how they are laid out. */
const context = {
  contextId: u16,
  opnum: u16,
  transferSyntax: fc.constantFrom('ndr32' as const, 'ndr64' as const),
  bigEndian: fc.boolean(),
  allocHint: fc.option(u32, { nil: undefined }),
  pfcFlags: fc.option(fc.integer({ min: 0, max: 0x7f }), { nil: undefined }),
};

describe('a request PDU whose stub is laid out in place', () => {
  it('is, for recorded little-endian NDR32 requests, what clients sent byte by byte', () => {
    let compared = 0;
    for (const { sent } of RECORDINGS.flatMap(recordedConnections)) {
      for (const bytes of cutPdus(sent)) {
        const pdu = decodePdu(bytes);
        if (pdu.kind !== 'request' || pdu.header.pfcFlags !== 3) continue;
        // maxCount and requestSize stand before the message: 8 bytes in NDR32, 16 in NDR64.
        const width = Buffer.from(pdu.body.stub).readUInt32LE(0) === pdu.body.stub.length - 16 ? 16 : 8;
        const { callId } = pdu.header;
        const { contextId, opnum, allocHint } = pdu.body;
        const transferSyntax = width === 16 ? 'ndr64' : 'ndr32';
        const to = { callId, contextId, opnum, allocHint, transferSyntax, bigEndian: false } as const;
        expect(hex(encodeRequestPdu(pdu.body.stub.subarray(width), to).pdu)).to.equal(hex(bytes));
        compared++;
      }
    }
    expect(compared).to.be.above(100);
  });

  it('is what its stub gives that is laid out apart', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.record({ callId: u32, ...context }),
        (message, to) => {
          const { callId, contextId, opnum, transferSyntax, bigEndian, allocHint, pfcFlags } = to;
          const apart = encodeRequestStub({ message }, stubEncoding(transferSyntax, bigEndian));
          const { pdu, stub } = encodeRequestPdu(message, to);
          expect(hex(stub)).to.equal(hex(apart));
          const header = { callId, pfcFlags, drep: bigEndian ? DREP_BIG_ENDIAN : DREP_LITTLE_ENDIAN };
          const body = { contextId, opnum, allocHint, stub: apart };
          expect(hex(pdu)).to.equal(hex(encodePdu({ kind: 'request', header, body })));
        },
      ),
    );
  });

  it('is the same from a template, which is used again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }).chain((size) =>
          fc.array(fc.tuple(fc.uint8Array({ minLength: size, maxLength: size }), u32), {
            minLength: 1,
            maxLength: 4,
          }),
        ),
        fc.record(context),
        (calls, to) => {
          const template = new RequestTemplate(to, calls[0]![0].length);
          const filled = calls.map(([message, callId]) => template.fill(message, callId));
          for (const [i, [message, callId]] of calls.entries()) {
            const { pdu, stub } = encodeRequestPdu(message, { ...to, callId });
            expect(hex(filled[i]!)).to.equal(hex(pdu));
            expect(hex(stubOf(filled[i]!))).to.equal(hex(stub));
          }
        },
      ),
    );
  });
});
