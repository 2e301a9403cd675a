import { Readable } from 'node:stream';
import type { Exchange } from '../../protocol';
import { readExchanges, type ReadExchangesOptions } from '../read-exchanges';
import type { CaptureWarning } from '../warnings';
import { MemorySink } from '../write/byte-sink';
import type { ConversationOptions } from '../write/conversation-writer';
import { ConversationWriter } from '../write/conversation-writer';
import type { PacketToWrite } from '../write/packet-writer';
import { PcapWriter, type PcapOptions } from '../write/pcap-writer';
import type { RecordedCalls } from './recorded';

/** Packets in an array, to be shuffled, cut and wrapped before they are written. */
export type Packets = PacketToWrite[];

export const START = 1_795_245_400_000_000_000n;
const TICK = 100_000n;

/** Records a script of conversations as packets, with a clock that ticks 100 µs an event. */
export function record(
  script: (conversations: ConversationWriter, tick: () => bigint) => void,
  options: ConversationOptions = {},
): Packets {
  const packets: Packets = [];
  const writer = { packet: (packet: PacketToWrite) => void packets.push(packet), close: () => undefined };
  let now = START;
  script(new ConversationWriter(writer, options), () => (now += TICK));
  return packets.map((packet, i) => ({ ...packet, timestampNs: packet.timestampNs + BigInt(i) * 1000n }));
}

export interface PlayOptions extends ConversationOptions {
  readonly client?: string;
  readonly host?: string;
}

/** One connection that carries recorded calls, from handshake to FIN. */
export function play(calls: RecordedCalls, options: PlayOptions = {}): Packets {
  const { client = '192.0.2.10:50000', host = '192.0.2.1:1688' } = options;
  return record((conversations, tick) => {
    const conversation = conversations.open(client, host, tick());
    for (const { side, bytes } of calls.pdus) conversation.send(side, bytes, tick());
    conversation.end('client', tick());
    conversation.end('host', tick());
  }, options);
}

export function toPcap(packets: Packets, options: PcapOptions = {}): Buffer {
  const sink = new MemorySink();
  const writer = new PcapWriter(sink, options);
  for (const packet of packets) writer.packet(packet);
  return sink.bytes;
}

export interface ReadResult {
  readonly exchanges: Exchange[];
  readonly answers: string[];
  readonly warnings: readonly CaptureWarning[];
}

/** Reads a capture from memory, in chunks if told. */
export async function readBytes(
  capture: Uint8Array | readonly Uint8Array[],
  options: ReadExchangesOptions = {},
): Promise<ReadResult> {
  const chunks = capture instanceof Uint8Array ? [capture] : capture;
  const reader = readExchanges(Readable.from(chunks), options);
  const exchanges: Exchange[] = [];
  for await (const exchange of reader) exchanges.push(exchange);
  return { exchanges, answers: exchanges.map(answerOf), warnings: reader.report?.warnings ?? [] };
}

/** An answer in a word: the count, the HRESULT in hex, or its kind. */
export function answerOf({ answer }: Exchange): string {
  switch (answer?.kind) {
    case undefined:
      return 'none';
    case 'response':
      return String(answer.value.currentClientCount);
    case 'refusal':
      return `0x${answer.hresult.toString(16).padStart(8, '0')}`;
    case 'fault':
      return `fault 0x${answer.status.toString(16).padStart(8, '0')}`;
    case 'sealed':
    case 'malformed':
      return answer.kind;
  }
}
