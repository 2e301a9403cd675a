import { isIPv4 } from 'node:net';
import { parseEndpoint } from '../../../captures/net/endpoint';
import { DnsError } from '../../target/discovery/dns-error';

/** What a KMS host publishes: its SRV record, and the address that its target has. */
export interface PublishedRecords {
  /** Name of the SRV record. */
  readonly service: string;
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
  /** IPv4 or IPv6. */
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

const OPCODE_UPDATE = 5;
const TYPE = { A: 1, SOA: 6, AAAA: 28, SRV: 33 } as const;
const CLASS = { IN: 1, NONE: 254 } as const;
const MAX_LABEL = 63;
const MAX_NAME = 255;

/**
 * An UPDATE message (RFC 2136) that adds the records, or with `remove` deletes exactly these (2.5.4: class NONE, TTL 0), and
 * no others of the same names.
 * @throws DnsError `bad-answer` for a name that DNS cannot hold
 */
export function encodeUpdate(
  id: number,
  zone: string,
  records: PublishedRecords,
  remove = false,
): Uint8Array {
  const { service, target, address } = records;
  const updates = [
    resourceRecord(service, TYPE.SRV, srvData(records), records.ttl, remove),
    resourceRecord(target, isIPv4(address) ? TYPE.A : TYPE.AAAA, addressData(address), records.ttl, remove),
  ];
  const counts = [1, 0, updates.length, 0];
  const header = u16(id, OPCODE_UPDATE << 11, ...counts);
  return Buffer.concat([header, encodeName(zone), u16(TYPE.SOA, CLASS.IN), ...updates]);
}

function resourceRecord(
  name: string,
  type: number,
  data: Uint8Array,
  ttl: number,
  remove: boolean,
): Uint8Array {
  const fixed = Buffer.concat([
    u16(type, remove ? CLASS.NONE : CLASS.IN),
    u32(remove ? 0 : ttl),
    u16(data.length),
  ]);
  return Buffer.concat([encodeName(name), fixed, data]);
}

function srvData({ priority, weight, port, target }: PublishedRecords): Uint8Array {
  return Buffer.concat([u16(priority, weight, port), encodeName(target)]);
}

/** Octets of an address as it is written: IPv6 with an IPv4 address at its end, too (RFC 4291 2.2). */
const addressData = (address: string): Uint8Array =>
  parseEndpoint(isIPv4(address) ? `${address}:0` : `[${address}]:0`).address;

/** Labels in plain, never compressed: an SRV target must not be (RFC 2782). */
export function encodeName(name: string): Uint8Array {
  const labels = name
    .replace(/\.$/, '')
    .split('.')
    .map((label) => Buffer.from(label, 'utf8'));
  const encoded = Buffer.concat([
    ...labels.flatMap((label) => [Uint8Array.of(label.length), label]),
    Uint8Array.of(0),
  ]);
  if (encoded.length > MAX_NAME || labels.some(({ length }) => length === 0 || length > MAX_LABEL)) {
    throw new DnsError({
      code: 'bad-answer',
      name,
      what: 'update',
      server: 'nobody yet',
      problem: `that is no domain name: labels of 1 to ${MAX_LABEL} bytes, ${MAX_NAME} in all`,
    });
  }
  return encoded;
}

/** Response codes (RFC 1035 4.1.1, RFC 2136 2.2). */
const RCODES: Readonly<Record<number, string>> = {
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED: it takes no updates from here',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH: it does not hold that zone',
  10: 'NOTZONE: the name is outside the zone',
};

const HEADER_SIZE = 12;

/** True where `message` answers the update of that id. */
export function isAnswerTo(message: Uint8Array, id: number): boolean {
  if (message.length < HEADER_SIZE) return false;
  const isResponse = (message[2]! & 0x80) !== 0 && ((message[2]! >> 3) & 0x0f) === OPCODE_UPDATE;
  return isResponse && ((message[0]! << 8) | message[1]!) === id;
}

/** What an answer says, or null where the update was done. */
export function updateProblem(message: Uint8Array): string | null {
  const rcode = message[3]! & 0x0f;
  return rcode === 0 ? null : (RCODES[rcode] ?? `response code ${rcode}`);
}

/** Big-endian, as DNS is. */
function u16(...values: number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [(value >>> 8) & 0xff, value & 0xff]));
}

const u32 = (value: number): Uint8Array => u16(value >>> 16, value & 0xffff);
