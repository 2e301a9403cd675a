import path from 'node:path';
import { openCapture } from '../open-capture';
import type { Side } from '../write/conversation-writer';

export const CORPUS = path.join(__dirname, '..', 'corpus');

/** What went over one recorded connection, segment by segment: the recordings have a PDU in each. */
export interface RecordedCalls {
  readonly pdus: readonly { readonly side: Side; readonly bytes: Buffer }[];
}

/**
 * The connections of a recorded capture. They are Ethernet, IPv4 without options and in order, so that plain offsets
 * read them: what tests feed to the reader must not come from the reader.
 */
export async function recordedConnections(name: string): Promise<RecordedCalls[]> {
  const byPort = new Map<number, { side: Side; bytes: Buffer }[]>();
  for await (const { data } of await openCapture(path.join(CORPUS, name))) {
    const [source, destination] = [data.readUInt16BE(34), data.readUInt16BE(36)];
    const side = destination === 1688 ? 'client' : 'host';
    const port = side === 'client' ? source : destination;
    const pdus = byPort.get(port) ?? [];
    byPort.set(port, pdus);
    const bytes = Buffer.from(data.subarray(34 + (data[46]! >> 4) * 4, 14 + data.readUInt16BE(16)));
    if (bytes.length > 0) pdus.push({ side, bytes });
  }
  return [...byPort.values()].map((pdus) => ({ pdus }));
}
