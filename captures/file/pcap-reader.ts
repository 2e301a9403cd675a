import { CaptureError } from '../capture-error';
import type { CapturedPacket } from '../packet';
import type { WarningLog } from '../warnings';
import { PcapGuard } from './pcap-guard';
import { FILE_HEADER, readPcapHeader } from './pcap-header';

/**
 * Reads classic pcap: batches of packets, a batch for each block of the file.
 * @throws CaptureError `truncated-header`, `unsupported`
 */
export async function* readPcap(
  chunks: AsyncIterable<Buffer>,
  file: string,
  warnings: WarningLog,
): AsyncGenerator<CapturedPacket[], void, undefined> {
  let head: Buffer = Buffer.alloc(0);
  let guard: PcapGuard | undefined;
  for await (const chunk of chunks) {
    let body = chunk;
    if (guard === undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < FILE_HEADER) continue;
      guard = new PcapGuard(readPcapHeader(head, file), warnings);
      body = head.subarray(FILE_HEADER);
    }
    const packets = guard.push(body);
    if (packets.length > 0) yield packets;
    if (guard.stopped) return;
  }
  if (guard === undefined) {
    const problem = `the file ends within its header of ${FILE_HEADER} bytes; record it anew`;
    throw new CaptureError({ code: 'truncated-header', file, offset: head.length, problem });
  }
  guard.finish();
}
