import { expect } from 'chai';
import { hex } from './codec/json';
import { decodeHeader, decodePdu, encodePdu, pduFieldMap, type PduInput } from './pdu';
import { PFC, PTYPE } from './pdu-layouts';
import { expectProtocolError, protocolErrorOf } from './testing/expect-error';
import { cutPdus, recordedConnections, recordedPdus, RECORDINGS } from './testing/recordings';

describe('recorded PDUs', () => {
  const pdus = recordedPdus();

  it('are those of seven recordings', () => {
    expect(RECORDINGS).to.have.length(7);
    expect(pdus).to.have.length(4 * 65 * 2 + 28 + 10 + 4 * 30 + 12 + 12);
  });

  it('encode to the same bytes when what was decoded is encoded', () => {
    for (const { capture, bytes } of pdus) {
      expect(hex(encodePdu(decodePdu(bytes))), capture).to.equal(hex(bytes));
    }
  });

  it('encode to the same bytes from what cannot be derived alone', () => {
    for (const { capture, bytes } of pdus) {
      const { kind, header, body } = decodePdu(bytes);
      const { callId, pfcFlags } = header;
      const derived = new Set(['contextCount', 'resultCount', 'secondaryAddressLength']);
      const given = Object.fromEntries(Object.entries(body).filter(([name]) => !derived.has(name)));
      const again = encodePdu({ kind, header: { callId, pfcFlags }, body: given } as unknown as PduInput);
      expect(hex(again), capture).to.equal(hex(bytes));
    }
  });

  it('have a byte map without gap or overlap', () => {
    for (const { capture, bytes } of pdus) {
      let covered = 0;
      for (const { path, offset, length } of pduFieldMap(bytes)) {
        expect(offset, `${capture} ${path}`).to.equal(covered);
        covered += length;
      }
      expect(covered, capture).to.equal(bytes.length);
    }
  });

  it('cut off at any length give a whole error that stands within them', () => {
    for (const { bytes } of distinct(pdus.map((pdu) => pdu.bytes))) {
      for (let size = 0; size < bytes.length; size++) {
        const prefix = bytes.subarray(0, size);
        const error = expectProtocolError(() => decodePdu(prefix));
        expect(error.offset).to.be.at.most(size);
        expect(error.code).to.equal(size < 16 ? 'truncated' : 'bad-value');
        expectProtocolError(() => pduFieldMap(prefix));
        expect(protocolErrorOf(() => decodeHeader(prefix)) === null).to.equal(size >= 16);
      }
    }
  });

  it('cut off with a frag_length to match decode or tell which field is short', () => {
    for (const { bytes } of distinct(pdus.map((pdu) => pdu.bytes))) {
      for (let size = 16; size < bytes.length; size++) {
        const prefix = Buffer.from(bytes.subarray(0, size));
        prefix.writeUInt16LE(size, 8);
        const error = protocolErrorOf(() => decodePdu(prefix));
        if (error === null) {
          expect(hex(encodePdu(decodePdu(prefix)))).to.equal(hex(prefix));
        } else {
          expect(error.code).to.equal('truncated');
          expect(error.path).to.match(/^rpc\.(bind|bindAck|request|response)\./);
        }
      }
    }
  });
});

/** One PDU of each kind and size: the others differ in values only. */
function distinct(pdus: readonly Buffer[]): { bytes: Buffer }[] {
  return [...new Map(pdus.map((bytes) => [`${bytes[2]}/${bytes.length}`, { bytes }])).values()];
}

describe('the first recorded bind, field by field', () => {
  const [bind] = cutPdus(recordedConnections('v4-threshold-clients.pcap')[0]!.sent);
  const pdu = decodePdu(bind!);

  it('has the header that its bytes show', () => {
    expect(pdu.kind).to.equal('bind');
    const { drep, ...numbers } = pdu.header;
    expect(hex(drep)).to.equal('10000000');
    expect(numbers).to.deep.equal({
      rpcVers: 5,
      rpcVersMinor: 0,
      ptype: 11,
      pfcFlags: PFC.firstFrag | PFC.lastFrag | PFC.concMpx,
      fragLength: 160,
      authLength: 0,
      callId: 2,
    });
  });

  it('offers NDR32, NDR64 and bind time features for the KMS interface', () => {
    if (pdu.kind !== 'bind') throw new Error(pdu.kind);
    expect(pdu.body).to.include({ maxXmitFrag: 5840, maxRecvFrag: 5840, assocGroupId: 0, contextCount: 3 });
    const syntaxes = [
      ['8a885d04-1ceb-11c9-9fe8-08002b104860', 2],
      ['71710533-beba-4937-8319-b5dbef9ccc36', 1],
      ['6cb71c2c-9812-4540-0300-000000000000', 1],
    ] as const;
    expect(pdu.body.contexts).to.deep.equal(
      syntaxes.map(([uuid, version], contextId) => ({
        contextId,
        transferSyntaxCount: 1,
        reserved: 0,
        abstractSyntax: { uuid: '51c82175-844e-4750-b0d8-ec255555bc06', major: 1, minor: 0 },
        transferSyntaxes: [{ uuid, version }],
      })),
    );
  });
});

describe('padding octets without a defined value', () => {
  it('are kept: the recorded alter_context_resp pads with 31 36', () => {
    const received = cutPdus(recordedConnections('v4-one-connection-ndr64.pcap')[0]!.received);
    const bytes = received.find((pdu) => pdu[2] === PTYPE.alterContextResp)!;
    const pdu = decodePdu(bytes);
    if (pdu.kind !== 'alterContextResp') throw new Error(pdu.kind);
    expect(hex(pdu.body.padding)).to.equal('3136');
    expect(hex(encodePdu(pdu))).to.equal(hex(bytes));
  });
});
