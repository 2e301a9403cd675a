import { expect } from 'chai';
import { namesContext } from './context-id';
import { decodePdu, encodePdu, type PduOf } from './pdu';

const response = (contextId: number): PduOf<'response'> =>
  decodePdu(encodePdu({ kind: 'response', header: {}, body: { contextId } })) as PduOf<'response'>;
const fault = (contextId: number): PduOf<'fault'> =>
  decodePdu(encodePdu({ kind: 'fault', header: {}, body: { contextId, status: 5 } })) as PduOf<'fault'>;

describe('the context_id of an answer', () => {
  it('is that of the call, to the bit, up to 255', () => {
    for (const asked of [0, 1, 7, 254, 255]) {
      expect(namesContext(response(asked), asked)).to.equal(true);
      for (const other of [asked ^ 1, asked | 0x100, 0x1234])
        expect(namesContext(response(other), asked), `${other} for ${asked}`).to.equal(false);
    }
  });

  it('may be the low octet alone above 255', () => {
    for (const [asked, answered, right] of [
      [0xffff, 0xffff, true],
      [0xffff, 0x00ff, true],
      [0x0100, 0x0000, true],
      [0x0102, 0x0002, true],
      [0x0102, 0x0100, false],
      [0xffff, 0xff00, false],
      [0xffff, 0x0000, false],
    ] as const)
      expect(namesContext(response(answered), asked), `${answered} for ${asked}`).to.equal(right);
  });

  it('may be 0 in a fault, and nothing else that was not asked', () => {
    expect(namesContext(fault(0), 9)).to.equal(true);
    expect(namesContext(fault(9), 9)).to.equal(true);
    expect(namesContext(fault(8), 9)).to.equal(false);
    expect(namesContext(response(0), 9)).to.equal(false);
  });
});
