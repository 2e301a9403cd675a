import { expect } from 'chai';
import fc from 'fast-check';
import { evidenceFields } from './evidence-fields';
import type { Evidence } from '../results/model';
import { RECORDED_REQUEST, RECORDED_RESPONSE } from '../testing/recorded';

const received = (hex: string, fields?: Evidence['fields']): Evidence => ({
  direction: 'received',
  pdu: 'response',
  hex,
  ...(fields === undefined ? {} : { fields }),
});

describe('the fields of recorded PDUs', () => {
  it('are those of PDU, stub and message, at their places', () => {
    const fields = evidenceFields(received(RECORDED_RESPONSE));
    const place = (path: string): unknown[] => {
      const { offset, length, value } = fields.find((field) => field.path === path)!;
      return [offset, length, value];
    };
    expect(place('rpc.header.fragLength')).to.deep.equal([8, 2, '200']);
    expect(place('kms.response.ePid')).to.deep.equal([
      44,
      98,
      '"55041-00206-569-669149-03-1033-7601.0000-1762024"',
    ]);
    expect(place('kms.response.currentClientCount')).to.deep.equal([166, 4, '1']);
    expect(place('stub.response.hresult')).to.deep.equal([196, 4, '0']);
  });

  it('cover every byte once', () => {
    for (const hex of [RECORDED_REQUEST, RECORDED_RESPONSE]) {
      let next = 0;
      for (const { offset, length } of evidenceFields(received(hex))) {
        expect(offset).to.equal(next);
        next += length;
      }
      expect(next).to.equal(hex.length / 2);
    }
  });

  it('are what the evidence says, and the layouts for the rest', () => {
    const told = { path: 'count', offset: 166, length: 4, value: '1', marked: true };
    const fields = evidenceFields(received(RECORDED_RESPONSE, [told]));
    expect(fields.filter(({ offset }) => offset === 166)).to.deep.equal([told]);
    expect(fields).to.have.length(evidenceFields(received(RECORDED_RESPONSE)).length);
  });

  it('are none for bytes that are no PDU, whatever they are', () => {
    expect(evidenceFields(received('474554202f'))).to.deep.equal([]);
    fc.assert(
      fc.property(
        fc.uint8Array({ size: 'max', maxLength: 300 }),
        fc.nat(RECORDED_RESPONSE.length / 2 - 1),
        fc.nat(255),
        (noise, at, byte) => {
          const flipped = Buffer.from(RECORDED_RESPONSE, 'hex');
          flipped[at] = byte;
          for (const bytes of [noise, flipped, flipped.subarray(0, at)]) {
            for (const { offset, length } of evidenceFields(received(Buffer.from(bytes).toString('hex')))) {
              expect(offset + length).to.be.at.most(bytes.length);
            }
          }
        },
      ),
      { seed: 8, numRuns: 500 },
    );
  });
});
