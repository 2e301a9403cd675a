import { expect } from 'chai';
import { encodePdu, fragment } from '../../protocol';
import { pdusOfAnswer, rightEdges } from './answer-octets';

const drep = (first: number): Uint8Array => Uint8Array.of(first, 0, 0, 0);
const response = (stub: Uint8Array, first = 0x10) =>
  ({ kind: 'response', header: { callId: 2, drep: drep(first) }, body: { contextId: 1, stub } }) as const;

describe('the octets of an answer', () => {
  const stub = Uint8Array.from({ length: 200 }, (_, i) => i);

  for (const [order, first] of [
    ['little-endian', 0x10],
    ['big-endian', 0],
  ] as const) {
    it(`are one PDU, or as many as it has fragments, ${order}`, () => {
      for (const most of [200, 100, 48, 1]) {
        const parts = fragment(response(stub, first), most).map((one) => encodePdu(one));
        const pdus = pdusOfAnswer(Buffer.concat(parts));
        expect(pdus.map(({ octets }) => octets)).to.deep.equal(parts.map(({ length }) => length));
        expect(pdus.map(({ fragLength }) => fragLength)).to.deep.equal(parts.map(({ length }) => length));
        expect(pdus.map(({ edges }) => edges)).to.deep.equal(rightEdges(parts.length));
      }
    });
  }

  it('are as wrong as the host made them', () => {
    const whole = Buffer.from(encodePdu(response(stub)));
    const [pdu] = pdusOfAnswer(Buffer.concat([whole, Buffer.alloc(4)]));
    expect(pdu).to.deep.equal({ fragLength: 224, octets: 228, edges: 'FIRST and LAST' });
    const unending = Buffer.from(whole);
    unending[3] = 1;
    expect(pdusOfAnswer(unending).map(({ edges }) => edges)).to.deep.equal(['FIRST']);
    unending.writeUInt16LE(3, 8);
    expect(pdusOfAnswer(unending)[0]).to.include({ fragLength: 3, octets: 224 });
    expect(() => pdusOfAnswer(whole.subarray(0, 15))).to.throw(/a PDU of at least 16 octets/);
  });
});
