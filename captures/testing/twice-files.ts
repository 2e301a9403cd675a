import { setIpv4Checksum } from '../net/checksum';
import { ConversationWriter } from '../write/conversation-writer';
import { type Packets, play, START, toPcap } from './packets';
import type { RecordedCalls } from './recorded';

interface Place {
  readonly client: string;
  readonly host: string;
  /** Microseconds by which what happens is seen later here. */
  readonly lateUs: number;
}

const OUTSIDE: Place = { client: '192.0.2.10:50000', host: '192.0.2.1:1688', lateUs: 0 };
/** Behind a translator that keeps neither the client's address nor the host's. */
const INSIDE: Place = { client: '198.51.100.254:33001', host: '198.51.100.5:1688', lateUs: 100 };
/** Behind a balancer that changes the host alone. */
const BALANCED: Place = { client: '192.0.2.10:50000', host: '198.51.100.5:1688', lateUs: 100 };
const FURTHER: Place = { client: '203.0.113.1:40000', host: '203.0.113.9:16880', lateUs: 200 };

/** One connection as it is seen at several places, a step every 500 µs. */
function seenAt(pdus: RecordedCalls['pdus'], places: readonly Place[]): Buffer {
  const packets: Packets = [];
  const writer = new ConversationWriter({
    packet: (packet) => void packets.push(packet),
    close: () => undefined,
  });
  for (const { client, host, lateUs } of places) {
    let now = START + BigInt(lateUs) * 1000n;
    const tick = (): bigint => (now += 500_000n);
    const conversation = writer.open(client, host, tick());
    for (const { side, bytes } of pdus) conversation.send(side, bytes, tick());
    conversation.end('client', tick());
    conversation.end('host', tick());
  }
  // Sorting keeps the order of what happened at the same time.
  return toPcap(packets.sort((a, b) => Number(a.timestampNs - b.timestampNs)));
}

/** Each packet again behind a router that took one from its time to live. */
function routed(packets: Packets): Packets {
  return packets.flatMap((packet) => {
    const data = Buffer.from(packet.data);
    data[22] = data[22]! - 1;
    setIpv4Checksum(data, 14);
    return [packet, { timestampNs: packet.timestampNs + 100n, data }];
  });
}

/** Requests that are seen more than once, and two that are two. */
export function twiceFiles(two: RecordedCalls): Map<string, Buffer> {
  const once = two.pdus.slice(0, 4);
  return new Map([
    ['twice-nat.pcap', seenAt(once, [OUTSIDE, INSIDE])],
    ['twice-balancer.pcap', seenAt(once, [OUTSIDE, BALANCED])],
    ['twice-nat-three-places.pcap', seenAt(once, [OUTSIDE, INSIDE, FURTHER])],
    ['twice-span-port.pcap', toPcap(routed(play(two)))],
    // The same octets one after the other, to another machine: a client that says it again.
    [
      'twice-in-turn.pcap',
      toPcap([
        ...play({ pdus: once }),
        ...later(play({ pdus: once }, { host: '192.0.2.2:1688', client: '192.0.2.11:50000' })),
      ]),
    ],
  ]);
}

const later = (packets: Packets): Packets =>
  packets.map((packet) => ({ ...packet, timestampNs: packet.timestampNs + 1_000_000_000n }));
