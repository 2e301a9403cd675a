import { expect } from 'chai';
import { StreamPlan } from './stream-plan';

/** A PDU of one octet again and again, ten long. */
const pdu = (octet: number): Buffer => Buffer.alloc(10, octet);

describe('what is to stand in one direction of a connection', () => {
  it('is put wherever a segment holds a part of it, with zeros between', () => {
    const plan = new StreamPlan({ bytes: 0 });
    plan.add(5, pdu(1));
    plan.add(20, pdu(2));
    const target = Buffer.alloc(20, 0xff);
    plan.fill(target, 10);
    expect(target.toString('hex')).to.equal(`${'01'.repeat(5)}${'00'.repeat(5)}${'02'.repeat(10)}`);
    expect([plan.pduAt(20), plan.pduAt(21), plan.pduAt(30)]).to.deep.equal([pdu(2), undefined, undefined]);
  });

  it('is counted until it is written, and then kept for what is sent again, and no longer', () => {
    const held = { bytes: 0 };
    const plan = new StreamPlan(held);
    for (let i = 0; i < 10_000; i++) plan.add(10 * i, pdu(1 + (i % 250)));
    expect(held.bytes).to.be.above(10 * 10_000);
    for (let i = 0; i < 10_000; i++) plan.fill(Buffer.alloc(10), 10 * i);
    expect(held.bytes).to.equal(0);
    const again = Buffer.alloc(10);
    plan.fill(again, 10 * 9_900);
    expect(again).to.deep.equal(pdu(1 + (9_900 % 250)));
    plan.fill(again, 0);
    expect(again).to.deep.equal(Buffer.alloc(10));
  });

  it('is counted no more once it is let go', () => {
    const held = { bytes: 7 };
    const plan = new StreamPlan(held);
    for (let i = 0; i < 100; i++) plan.add(10 * i, pdu(1));
    plan.fill(Buffer.alloc(15), 0);
    plan.release();
    expect(held.bytes).to.equal(7);
    expect(plan.pduAt(0)).to.equal(undefined);
  });
});
