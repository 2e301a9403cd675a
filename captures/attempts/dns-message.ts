/** Types of records that lead to a host (RFC 1035, 3596, 2782). */
export const DNS_TYPE = { a: 1, aaaa: 28, srv: 33 } as const;

const HEADER = 12;
const RESPONSE = 0x8000;
const POINTER = 0xc0;
/** A name has 127 labels at most (RFC 1035, 3.1); pointers lead backwards, or they could go round for ever. */
const MAX_LABELS = 127;
const MAX_RECORDS = 256;

export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  /** Of the record's data in the message, and behind it. */
  readonly start: number;
  readonly end: number;
}

/** What of a DNS message tells how a host was looked up. Sections behind a damaged record are left out. */
export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  /** RCODE (RFC 1035, 4.1.1). */
  readonly code: number;
  readonly question: { readonly name: string; readonly type: number };
  /** Of all sections behind the question. */
  readonly records: readonly DnsRecord[];
}

/** Reads a message with one question, as all are that look something up; null for what is none. */
export function readDns(bytes: Buffer): DnsMessage | null {
  if (bytes.length < HEADER || bytes.readUInt16BE(4) !== 1) return null;
  const flags = bytes.readUInt16BE(2);
  const asked = readName(bytes, HEADER);
  if (asked === null || asked.next + 4 > bytes.length) return null;
  const question = { name: asked.name, type: bytes.readUInt16BE(asked.next) };
  const count = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10);
  const records: DnsRecord[] = [];
  let at = asked.next + 4;
  for (let i = 0; i < Math.min(count, MAX_RECORDS); i++) {
    const owner = readName(bytes, at);
    if (owner === null || owner.next + 10 > bytes.length) break;
    const start = owner.next + 10;
    const end = start + bytes.readUInt16BE(owner.next + 8);
    if (end > bytes.length) break;
    records.push({ name: owner.name, type: bytes.readUInt16BE(owner.next), start, end });
    at = end;
  }
  return {
    id: bytes.readUInt16BE(0),
    isResponse: (flags & RESPONSE) !== 0,
    code: flags & 15,
    question,
    records,
  };
}

/** Port and target of an SRV record (RFC 2782), null where it is damaged. */
export function readSrv(bytes: Buffer, { start, end }: DnsRecord): { port: number; target: string } | null {
  if (start + 7 > end) return null;
  const target = readName(bytes, start + 6);
  return target === null ? null : { port: bytes.readUInt16BE(start + 4), target: target.name };
}

/** A name without its last dot, and where what follows it starts. */
function readName(bytes: Buffer, start: number): { name: string; next: number } | null {
  const labels: string[] = [];
  let at = start;
  let next = -1;
  while (labels.length <= MAX_LABELS) {
    const length = bytes[at];
    if (length === undefined) return null;
    if (length === 0) return { name: labels.join('.'), next: next < 0 ? at + 1 : next };
    if (length < 64) {
      if (at + 1 + length > bytes.length) return null;
      labels.push(asText(bytes.toString('latin1', at + 1, at + 1 + length)));
      at += 1 + length;
      continue;
    }
    const low = bytes[at + 1];
    if (length < POINTER || low === undefined) return null;
    const target = ((length & 0x3f) << 8) | low;
    if (next < 0) next = at + 2;
    if (target >= at) return null;
    at = target;
  }
  return null;
}

/** A label as master files write it: octets that do not print, and dots, as `\DDD` (RFC 1035, 5.1). */
const asText = (label: string): string =>
  label.replace(/[^\x21-\x7e]|[.\\]/g, (octet) => `\\${String(octet.charCodeAt(0)).padStart(3, '0')}`);
