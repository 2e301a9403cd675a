import { expect } from 'chai';
import { type Connection, type ConnectionObserver, WallTime } from '.';
import { EvidenceRecorder } from './evidence';

const STARTED = Date.UTC(2026, 10, 21, 8);

/** What a recorder needs of a connection. */
const connection = { index: 3 } as Connection;

/** The host's clock as the client has it once a scenario set it forward by half a year. */
const HOST_NS = BigInt(Date.UTC(2027, 4, 11)) * 1_000_000n;

describe('the evidence of a scenario', () => {
  it('is dated by the clock that it is given, whatever the host believes', () => {
    const recorder = new EvidenceRecorder(new WallTime({ now: () => STARTED }));
    const observer: Required<Pick<ConnectionObserver, 'sent' | 'received'>> = recorder;
    observer.sent(connection, Uint8Array.of(1, 2), HOST_NS);
    observer.received(connection, Uint8Array.of(3), HOST_NS);
    const evidence = recorder.evidence();
    expect(evidence.map(({ direction, pdu, hex }) => [direction, pdu, hex])).to.deep.equal([
      ['sent', 'bytes', '0102'],
      ['received', 'bytes', '03'],
    ]);
    for (const { at, connection: index } of evidence) {
      expect(index).to.equal(3);
      expect(Date.parse(at!)).to.be.within(STARTED, STARTED + 1000);
    }
  });

  it('is dated by this computer unless told otherwise', () => {
    const before = Date.now();
    const recorder = new EvidenceRecorder();
    recorder.sent(connection, Uint8Array.of(1));
    const at = Date.parse(recorder.evidence()[0]!.at!);
    expect(at).to.be.within(before - 1, Date.now() + 1);
  });
});
