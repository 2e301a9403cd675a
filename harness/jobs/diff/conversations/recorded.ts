import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readExchanges } from '../../../../captures';
import type { FuzzCase } from '../../../cases/case';
import { conversation, stream } from './scripted';

/** Conversations of a capture that are held: beyond, its requests are drawn from. */
const MOST_CONVERSATIONS = 200;
const MOST_PDUS = 40;

/**
 * What the clients of captures sent, connection by connection, as it was: machines and applications are those of the recording.
 * @throws CaptureError for a file that is none
 */
export async function recordedConversations(
  folder: string,
  signal?: AbortSignal,
): Promise<readonly FuzzCase[]> {
  const files = (await readdir(folder)).filter((file) => /\.(pcap|pcapng|cap)(\.gz)?$/.test(file)).sort();
  const conversations: FuzzCase[] = [];
  for (const file of files) {
    const streams = new Map<number, Uint8Array[]>();
    for await (const { connection, pdus } of readExchanges(join(folder, file), { signal })) {
      if (!streams.has(connection) && streams.size >= MOST_CONVERSATIONS) continue;
      const sent = streams.get(connection) ?? [];
      streams.set(connection, sent);
      if (sent.length < MOST_PDUS) sent.push(...pdus.sent.map((pdu) => Uint8Array.from(pdu)));
    }
    for (const sent of streams.values())
      if (conversations.length < MOST_CONVERSATIONS)
        conversations.push(conversation([{ ...stream(sent), bound: true, what: 'recorded' }]));
  }
  return conversations;
}
