import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../support/package-root';

/** The recordings of the package: two implementations that know nothing of each other, or of this project. */
export const RECORDINGS = [
  'v4-threshold-clients.pcap',
  'v4-mixed-growth.pcap',
  'v4-one-connection-ndr64.pcap',
  'v4-refused.pcap',
  'v5.pcap',
  'v6.pcap',
] as const;

/** What passed on one connection, as each side's PDUs. */
export interface RecordedConnection {
  readonly recording: string;
  readonly sent: readonly Buffer[];
  readonly received: readonly Buffer[];
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_HEADER = 14;
const HOST_PORT = 1688;
const FRAG_LENGTH = 8;

/**
 * Reads a recording in the plainest way: classic pcap, Ethernet, IPv4, nothing lost and nothing out of order, as these are. Apart from
 * captures/, so that what the vectors say does not rest on it.
 */
export function recordedConnections(recording: string): RecordedConnection[] {
  const file = readFileSync(join(packageRoot(), 'captures', 'corpus', recording));
  const streams = new Map<number, { sent: Buffer[]; received: Buffer[] }>();
  for (let at = FILE_HEADER; at < file.length; ) {
    const size = file.readUInt32LE(at + 8);
    const { clientPort, isFromClient, payload } = segmentOf(
      file.subarray(at + RECORD_HEADER, at + RECORD_HEADER + size),
    );
    const stream = streams.get(clientPort) ?? { sent: [], received: [] };
    streams.set(clientPort, stream);
    (isFromClient ? stream.sent : stream.received).push(payload);
    at += RECORD_HEADER + size;
  }
  return [...streams.values()].map(({ sent, received }) => ({
    recording,
    sent: pdusOf(Buffer.concat(sent)),
    received: pdusOf(Buffer.concat(received)),
  }));
}

function segmentOf(frame: Buffer): { clientPort: number; isFromClient: boolean; payload: Buffer } {
  const ip = frame.subarray(ETHERNET_HEADER);
  const tcp = ip.subarray(4 * (ip[0]! & 0x0f), ip.readUInt16BE(2));
  const [from, to] = [tcp.readUInt16BE(0), tcp.readUInt16BE(2)];
  const isFromClient = to === HOST_PORT;
  return { clientPort: isFromClient ? from : to, isFromClient, payload: tcp.subarray(4 * (tcp[12]! >> 4)) };
}

function pdusOf(stream: Buffer): Buffer[] {
  const pdus: Buffer[] = [];
  for (let at = 0; at < stream.length; at += stream.readUInt16LE(at + FRAG_LENGTH)) {
    pdus.push(stream.subarray(at, at + stream.readUInt16LE(at + FRAG_LENGTH)));
  }
  return pdus;
}
