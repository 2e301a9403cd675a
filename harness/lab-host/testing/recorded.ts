import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';

/** One PDU or more of one direction, as one TCP segment carried them. */
export interface Segment {
  readonly from: 'client' | 'host';
  readonly bytes: Uint8Array;
}

/** The segments of one recorded connection, in order. */
export type Conversation = readonly Segment[];

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET_HEADER = 14;
const KMS_PORT = 1688;

/**
 * The connections of a recorded capture. The corpus is what loopback gives: microsecond pcap, Ethernet, IPv4, nothing
 * lost or sent twice, so that a dozen lines read it, and these tests rest on no reader of ours.
 */
export function recordedConversations(name: string): Conversation[] {
  const file = readFileSync(join(packageRoot(), 'captures', 'corpus', name));
  const conversations = new Map<number, Segment[]>();
  for (let at = FILE_HEADER; at < file.length; ) {
    const size = file.readUInt32LE(at + 8);
    const ip = at + PACKET_HEADER + ETHERNET_HEADER;
    const tcp = ip + 4 * (file[ip]! & 0x0f);
    const start = tcp + 4 * (file[tcp + 12]! >> 4);
    const end = ip + file.readUInt16BE(ip + 2);
    const from = file.readUInt16BE(tcp) === KMS_PORT ? 'host' : 'client';
    const clientPort = file.readUInt16BE(from === 'host' ? tcp + 2 : tcp);
    const segments = conversations.get(clientPort) ?? [];
    conversations.set(clientPort, segments);
    if (end > start) segments.push({ from, bytes: file.subarray(start, end) });
    at += PACKET_HEADER + size;
  }
  return [...conversations.values()];
}

/** What one side of a conversation sent, each segment by itself. */
export function sentBy(from: Segment['from'], conversation: Conversation): Uint8Array[] {
  return conversation.filter((segment) => segment.from === from).map(({ bytes }) => bytes);
}
