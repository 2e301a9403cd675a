import { CaptureError } from '../capture-error';
import type { CapturedPacket } from '../packet';
import type { WarningLog } from '../warnings';
import { PcapGuard } from './pcap-guard';
import { FILE_HEADER, readPcapHeader, refuseOtherRecords } from './pcap-header';
import { DirectRecords, ParserRecords } from './pcap-records';

/**
 * What pcap-parser copies at a time: below what allocators fetch from the system anew, page by page (128 KiB), and few
 * enough packets to be garbage before they cost anything.
 */
const PORTION = 64 * 1024;

/**
 * Reads classic pcap: batches of packets, a batch for each block of the file.
 * @param direct goes round pcap-parser, behind the same guard
 * @throws CaptureError `truncated-header`, `unsupported`
 */
export async function* readPcap(
  chunks: AsyncIterable<Buffer>,
  file: string,
  warnings: WarningLog,
  direct: boolean,
): AsyncGenerator<CapturedPacket[], void, undefined> {
  let head: Buffer = Buffer.alloc(0);
  let guard: PcapGuard | undefined;
  for await (const chunk of chunks) {
    let body = chunk;
    if (guard === undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < FILE_HEADER) continue;
      const header = readPcapHeader(head, file);
      guard = new PcapGuard(header, direct ? new DirectRecords(header) : new ParserRecords(header), warnings);
      body = head.subarray(FILE_HEADER);
      refuseOtherRecords(body, header, file);
    }
    for (let at = 0; at < body.length && !guard.stopped; at += PORTION) {
      const packets = guard.push(body.subarray(at, at + PORTION));
      if (packets.length > 0) yield packets;
    }
    if (guard.stopped) return;
  }
  if (guard === undefined) {
    const problem = `the file ends within its header of ${FILE_HEADER} bytes; record it anew`;
    throw new CaptureError({ code: 'truncated-header', file, offset: head.length, problem });
  }
  guard.finish();
}
