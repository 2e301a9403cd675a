import { expect } from 'chai';
import { pcapClock } from '../file/pcap-header';
import { LINK } from '../link/link';
import { CapturedPacket } from '../packet';
import { ExchangeAssembler } from '../read-exchanges';
import { type Packets, record, START } from '../testing/packets';
import { recordedConnections } from '../testing/recorded';
import { WarningLog } from '../warnings';

const SECOND = 1_000_000_000n;

/** Feeds packets one by one, as they come from a live recording, and notes which exchanges are there after each. */
function watch(packets: Packets): { indices: number[][]; rest: number[] } {
  const assembler = new ExchangeAssembler(new WarningLog(), {});
  const indices = packets.map(({ timestampNs, data }, i) => {
    const [seconds, rest] = [Number(timestampNs / SECOND), Number(timestampNs % SECOND)];
    const bytes = Buffer.from(data);
    const packet = [pcapClock(true), seconds, rest, LINK.ethernet, bytes, bytes.length, i] as const;
    assembler.push([new CapturedPacket(...packet)]);
    return assembler.take().map(({ index }) => index);
  });
  assembler.finish();
  return { indices, rest: assembler.take().map(({ index }) => index) };
}

describe('the order of exchanges', () => {
  /** A request that is never answered, then answered calls, of which the first so many seconds later. */
  async function hangingThen(calls: number, seconds: number): Promise<Packets> {
    const recorded = await recordedConnections('v4-threshold-clients.pcap');
    let at = START;
    return record((conversations) => {
      const hanging = conversations.open('192.0.2.10:49999', '192.0.2.1:1688', at);
      for (const { side, bytes } of recorded[0]!.pdus.slice(0, -1)) hanging.send(side, bytes, at);
      at += BigInt(seconds) * SECOND;
      for (let i = 0; i < calls; i++) {
        const conversation = conversations.open(`192.0.2.11:${20_000 + i}`, '192.0.2.1:1688', at);
        for (const { side, bytes } of recorded[1]!.pdus) conversation.send(side, bytes, at);
      }
    });
  }

  it('is that of the requests while one waits for its answer', async () => {
    const { indices, rest } = watch(await hangingThen(3, 1));
    expect(indices.flat()).to.deep.equal([]);
    expect(rest).to.deep.equal([0, 1, 2, 3]);
  });

  it('lets those behind it go when a request has lived for 15 seconds', async () => {
    const { indices, rest } = watch(await hangingThen(3, 16));
    expect(indices.flat()).to.deep.equal([1, 2, 3]);
    expect(rest).to.deep.equal([0]);
  });

  it('holds back a thousand at most, whatever the clock says', async () => {
    const { indices, rest } = watch(await hangingThen(1030, 0));
    expect(indices.flat()).to.deep.equal(Array.from({ length: 1023 }, (_, i) => i + 1));
    expect(rest).to.deep.equal([0, 1024, 1025, 1026, 1027, 1028, 1029, 1030]);
  });
});
