import { Readable } from 'node:stream';
import { expect } from 'chai';
import { type Packets, play, toPcap } from '../testing/packets';
import { type RecordedCalls, recordedConnections } from '../testing/recorded';
import { type Attempt, readCapture } from '../index';

const HOST_PORT = Buffer.from('0698', 'hex');
const FLAGS = 3;
const LENGTH = 8;

async function attemptsIn(packets: Packets): Promise<readonly Pick<Attempt, 'outcome' | 'detail'>[]> {
  const attempts: Pick<Attempt, 'outcome' | 'detail'>[] = [];
  for await (const item of readCapture(Readable.from([toPcap(packets)]))) {
    if (item.kind === 'exchange') expect.fail('an exchange was read');
    attempts.push({ outcome: item.attempt.outcome, detail: item.attempt.detail });
  }
  return attempts;
}

describe('a connection whose request cannot be read', () => {
  let calls: RecordedCalls;
  before(async () => {
    const [{ pdus }] = (await recordedConnections('v4-threshold-clients.pcap')) as [RecordedCalls];
    calls = { pdus: pdus.slice(0, 4) };
  });
  /** The connection with another request, the third of its PDUs. */
  const withRequest = (change: (request: Buffer) => void): Packets => {
    const pdus = calls.pdus.map(({ side, bytes }, i) => {
      const copy = Buffer.from(bytes);
      if (i === 2) change(copy);
      return { side, bytes: copy };
    });
    return play({ pdus });
  };

  it('is told as not read, and why, never as one on which nothing was asked', async () => {
    const ofHost = ({ data }: Packets[number]): boolean => HOST_PORT.equals(data.subarray(34, 36));
    const cases: readonly (readonly [packets: Packets, why: string])[] = [
      [withRequest((pdu) => (pdu[FLAGS] = 1)), 'a request of which not all fragments are in the capture'],
      [withRequest((pdu) => (pdu[FLAGS] = 2)), 'an answer, and no request: a PDU that does not decode'],
      [
        withRequest((pdu) => pdu.writeUInt16LE(10, LENGTH)),
        'an answer, and no request: octets that are no PDU',
      ],
      [withRequest((pdu) => (pdu[4] = 0)), 'an answer, and no request: what was asked is not in the capture'],
      [play(calls).filter(ofHost), 'an answer, and no request: what was asked is not in the capture'],
      [
        play(calls).map((packet) => ({
          ...packet,
          data: packet.data.subarray(0, 300),
          originalLength: packet.data.length,
        })),
        'an answer, and no request: bytes that are not in the capture',
      ],
    ];
    for (const [packets, detail] of cases)
      expect(await attemptsIn(packets)).to.deep.equal([{ outcome: 'unread', detail }]);
  });
});
