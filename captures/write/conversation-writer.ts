import { type Endpoint, parseEndpoint } from '../net/endpoint';
import { TCP } from '../net/segment';
import { tcpFrame } from './frame';
import type { PacketWriter } from './packet-writer';

/** What fits into an Ethernet frame of 1500 octets behind the headers of IPv4 and IPv6. */
const MAX_SEGMENT = { ipv4: 1460, ipv6: 1440 } as const;
/** A receiver acknowledges at least this often, so that no window of 64 KB ever looks overrun. */
const SEGMENTS_PER_ACK = 16;

/** Who does something on a connection. */
export type Side = 'client' | 'host';

/** How a conversation becomes packets. */
export interface ConversationOptions {
  /** Bytes of payload in a segment; by default what Ethernet takes. */
  readonly maxSegmentSize?: number;
}

/** Turns what happens on connections into packets of a capture. */
export class ConversationWriter {
  #opened = 0;

  constructor(
    private readonly writer: PacketWriter,
    private readonly options: ConversationOptions = {},
  ) {}

  /**
   * A connection is established: writes the handshake.
   * @param client `address:port`, IPv6 in brackets
   * @param timeNs since 1970-01-01 UTC
   * @throws RangeError where an endpoint is none, or one is IPv4 and the other IPv6
   */
  open(client: string, host: string, timeNs: bigint): Conversation {
    const [from, to] = sameFamily(parseEndpoint(client), parseEndpoint(host));
    const fit = from.address.length === 16 ? MAX_SEGMENT.ipv6 : MAX_SEGMENT.ipv4;
    const size = Math.max(1, this.options.maxSegmentSize ?? fit);
    // Sequence numbers of their own, so that a connection that uses the same ports again is told apart.
    const initial = Math.imul(++this.#opened, 0x10001) >>> 0;
    const conversation = new Conversation(this.writer, from, to, size, initial);
    conversation.begin(timeNs);
    return conversation;
  }

  close(): void {
    this.writer.close();
  }
}

/** One connection that is being written. Times must not go backwards: they are written as they come. */
export class Conversation {
  readonly #ends: Record<Side, { readonly endpoint: Endpoint; sequence: number; ended: boolean }>;
  #identification = 0;
  #reset = false;

  constructor(
    private readonly writer: PacketWriter,
    client: Endpoint,
    host: Endpoint,
    private readonly maxSegmentSize: number,
    initialSequence: number,
  ) {
    this.#ends = {
      client: { endpoint: client, sequence: initialSequence, ended: false },
      host: { endpoint: host, sequence: (initialSequence ^ 0x5a5a0000) >>> 0, ended: false },
    };
  }

  /** The handshake; `ConversationWriter.open` calls it. */
  begin(timeNs: bigint): void {
    this.#segment('client', TCP.syn, timeNs);
    this.#segment('host', TCP.syn | TCP.ack, timeNs);
    this.#segment('client', TCP.ack, timeNs);
  }

  /** Bytes that `side` sent; the other end acknowledges them. */
  send(side: Side, bytes: Uint8Array, timeNs: bigint): void {
    if (this.#over(side)) return;
    for (let at = 0, count = 1; at < bytes.length; at += this.maxSegmentSize, count++) {
      const payload = bytes.subarray(at, at + this.maxSegmentSize);
      const last = at + payload.length === bytes.length;
      this.#segment(side, last ? TCP.ack | TCP.psh : TCP.ack, timeNs, payload);
      if (last || count % SEGMENTS_PER_ACK === 0) this.#segment(otherSide(side), TCP.ack, timeNs);
    }
  }

  /** `side` sends nothing more (FIN); the connection is closed when both have said so. */
  end(side: Side, timeNs: bigint): void {
    if (this.#over(side)) return;
    this.#segment(side, TCP.fin | TCP.ack, timeNs);
    this.#ends[side].ended = true;
    this.#segment(otherSide(side), TCP.ack, timeNs);
  }

  /** `side` resets the connection. */
  reset(side: Side, timeNs: bigint): void {
    if (this.#reset) return;
    this.#segment(side, TCP.rst | TCP.ack, timeNs);
    this.#reset = true;
  }

  #over(side: Side): boolean {
    return this.#reset || this.#ends[side].ended;
  }

  #segment(side: Side, flags: number, timeNs: bigint, payload?: Uint8Array): void {
    const from = this.#ends[side];
    const to = this.#ends[otherSide(side)];
    const data = tcpFrame({
      from: from.endpoint,
      to: to.endpoint,
      sequence: from.sequence,
      acknowledgement: to.sequence,
      flags,
      identification: ++this.#identification,
      ...(payload === undefined ? {} : { payload }),
      ...((flags & TCP.syn) === 0 ? {} : { maxSegmentSize: this.maxSegmentSize }),
    });
    const counted = (payload?.length ?? 0) + ((flags & (TCP.syn | TCP.fin)) === 0 ? 0 : 1);
    from.sequence = (from.sequence + counted) >>> 0;
    this.writer.packet({ timestampNs: timeNs, data });
  }
}

const otherSide = (side: Side): Side => (side === 'client' ? 'host' : 'client');

/** A socket may name an IPv4 peer as `::ffff:127.0.0.1`: on the wire it was IPv4. */
function sameFamily(a: Endpoint, b: Endpoint): [Endpoint, Endpoint] {
  const pair: [Endpoint, Endpoint] = [unmapped(a), unmapped(b)];
  if (pair[0].address.length !== pair[1].address.length) {
    throw new RangeError('one end of a connection is IPv4, the other IPv6');
  }
  return pair;
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

function unmapped(endpoint: Endpoint): Endpoint {
  const { address, port } = endpoint;
  if (address.length !== 16 || Buffer.compare(address.subarray(0, 12), MAPPED) !== 0) return endpoint;
  return { address: address.subarray(12), port };
}
