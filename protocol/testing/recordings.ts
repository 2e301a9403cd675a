import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The recorded captures as byte streams, read in the plainest way (one link type, nothing lost, nothing out of order), so that the
 * codec is tested without the code of captures/.
 */
export interface RecordedConnection {
  readonly capture: string;
  readonly sent: Buffer;
  readonly received: Buffer;
}

const CORPUS = join(__dirname, '..', '..', 'captures', 'corpus');
const HOST_PORT = 1688;

/** Names of the seven recordings; one of them is there in two formats. */
export const RECORDINGS: readonly string[] = readdirSync(CORPUS)
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .sort();

/** Every connection of a recording, in the order in which they were opened. */
export function recordedConnections(capture: string): RecordedConnection[] {
  const file = readFileSync(join(CORPUS, capture));
  const packets = capture.endsWith('.pcapng') ? pcapngPackets(file) : pcapPackets(file);
  const streams = new Map<number, { sent: Buffer[]; received: Buffer[] }>();
  for (const { clientPort, fromClient, payload } of packets.map(readTcp)) {
    const stream = streams.get(clientPort) ?? { sent: [], received: [] };
    streams.set(clientPort, stream);
    (fromClient ? stream.sent : stream.received).push(payload);
  }
  return [...streams.values()].map(({ sent, received }) => ({
    capture,
    sent: Buffer.concat(sent),
    received: Buffer.concat(received),
  }));
}

function pcapPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 24; at < file.length; ) {
    const size = file.readUInt32LE(at + 8);
    packets.push(file.subarray(at + 16, at + 16 + size));
    at += 16 + size;
  }
  return packets;
}

const ENHANCED_PACKET = 6;

function pcapngPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < file.length; at += file.readUInt32LE(at + 4)) {
    if (file.readUInt32LE(at) !== ENHANCED_PACKET) continue;
    packets.push(file.subarray(at + 28, at + 28 + file.readUInt32LE(at + 20)));
  }
  return packets;
}

function readTcp(packet: Buffer): { clientPort: number; fromClient: boolean; payload: Buffer } {
  const ip = packet.subarray(14);
  const tcp = ip.subarray(4 * (ip[0]! & 0x0f), ip.readUInt16BE(2));
  const [from, to] = [tcp.readUInt16BE(0), tcp.readUInt16BE(2)];
  const fromClient = to === HOST_PORT;
  return { clientPort: fromClient ? from : to, fromClient, payload: tcp.subarray(4 * (tcp[12]! >> 4)) };
}

/** A stream's PDUs, cut by the frag_length of each header: little-endian, as all recordings are. */
export function cutPdus(stream: Buffer): Buffer[] {
  const pdus: Buffer[] = [];
  for (let at = 0; at < stream.length; at += stream.readUInt16LE(at + 8)) {
    pdus.push(stream.subarray(at, at + stream.readUInt16LE(at + 8)));
  }
  return pdus;
}

export interface RecordedPdu {
  readonly capture: string;
  readonly direction: 'sent' | 'received';
  readonly bytes: Buffer;
}

/** Every PDU of every recording. */
export function recordedPdus(): RecordedPdu[] {
  return RECORDINGS.flatMap((capture) =>
    recordedConnections(capture).flatMap(({ sent, received }) => [
      ...cutPdus(sent).map((bytes) => ({ capture, direction: 'sent' as const, bytes })),
      ...cutPdus(received).map((bytes) => ({ capture, direction: 'received' as const, bytes })),
    ]),
  );
}

/** A stored KMS message of a single-fragment, little-endian request or response PDU, without the codec. */
export function recordedMessages(): { request: Buffer[]; response: Buffer[]; refusal: Buffer[] } {
  const messages = { request: [] as Buffer[], response: [] as Buffer[], refusal: [] as Buffer[] };
  for (const { bytes } of recordedPdus()) {
    const stub = bytes.subarray(24);
    if (bytes[2] === 0) messages.request.push(messageIn(stub, 2));
    else if (bytes[2] === 2 && stub.readUInt32LE(0) !== 0) messages.response.push(messageIn(stub, 3));
    else if (bytes[2] === 2) messages.refusal.push(stub);
  }
  return messages;
}

/** The message behind `lengths` NDR lengths: in NDR64 the upper half of the first is zero, in NDR32 nothing is. */
function messageIn(stub: Buffer, lengths: number): Buffer {
  const width = stub.readUInt32LE(4) === 0 ? 8 : 4;
  return stub.subarray(lengths * width, lengths * width + stub.readUInt32LE(0));
}
