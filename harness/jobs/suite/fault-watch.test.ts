import { expect } from 'chai';
import { encodePdu, FAULT } from '../../../protocol';
import type { ObservedConnection } from '../../client';
import { FaultWatch } from './fault-watch';

/** STATUS_ACCESS_VIOLATION, a status of the host's own making (MS-ERREF 2.3.1). */
const ACCESS_VIOLATION = 0xc0000005;

const faultPdu = (status: number, callId = 1): Uint8Array =>
  encodePdu({ kind: 'fault', header: { callId }, body: { contextId: 0, status, stub: new Uint8Array() } });

const connection = (): ObservedConnection => ({}) as ObservedConnection;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the watch over faults', () => {
  it('counts every fault, and accuses for none that a host may send', () => {
    const watch = new FaultWatch();
    const one = connection();
    for (const status of Object.values(FAULT)) watch.received(one, faultPdu(status));
    expect(watch.seen).to.equal(Object.values(FAULT).length);
    expect(watch.forbidden).to.equal(null);
  });

  it('finds a forbidden one however the stream is cut, and shows what was sent last on its connection', () => {
    const pdu = faultPdu(ACCESS_VIOLATION, 9);
    const stream = Buffer.concat([faultPdu(FAULT.opRangeError), pdu]);
    for (let cut = 0; cut <= stream.length; cut++) {
      const watch = new FaultWatch();
      const [one, other] = [connection(), connection()];
      watch.sent(one, Buffer.from('aa01', 'hex'));
      watch.sent(other, Buffer.from('bb02', 'hex'));
      watch.received(one, stream.subarray(0, cut));
      watch.received(one, stream.subarray(cut));
      expect(watch.seen, `cut at ${cut}`).to.equal(2);
      expect(watch.forbidden).to.include({ status: ACCESS_VIOLATION, name: 'STATUS_ACCESS_VIOLATION' });
      const shown = JSON.stringify(watch.forbidden!.evidence);
      expect(shown).to.contain('aa01').and.to.contain(hex(pdu)).and.to.not.contain('bb02');
    }
  });

  it('keeps the first', () => {
    const watch = new FaultWatch();
    watch.received(connection(), faultPdu(ACCESS_VIOLATION, 1));
    watch.received(connection(), faultPdu(ACCESS_VIOLATION, 2));
    expect(watch.seen).to.equal(2);
    expect(JSON.stringify(watch.forbidden!.evidence)).to.contain(hex(faultPdu(ACCESS_VIOLATION, 1)));
  });

  it('leaves a stream that has no PDUs to others, and goes on with the next connection', () => {
    const watch = new FaultWatch();
    const broken = connection();
    watch.received(broken, Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    watch.received(broken, faultPdu(ACCESS_VIOLATION));
    expect(watch.forbidden).to.equal(null);
    watch.received(connection(), faultPdu(ACCESS_VIOLATION));
    expect(watch.seen).to.equal(1);
    expect(watch.forbidden).to.not.equal(null);
  });
});
