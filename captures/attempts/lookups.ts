import { formatAddress, formatEndpoint, type Segment } from '../net/segment';
import type { CapturedPacket } from '../packet';
import type { Reason } from '../rpc/story';
import { DNS_TYPE, type DnsMessage, type DnsRecord, readDns, readSrv } from './dns-message';

/** How a client found a host. */
export interface Lookup {
  /** The name of the SRV record, `_vlmcs._tcp.example.test`; null where the capture has the address alone. */
  readonly service: string | null;
  /** What the SRV record names. */
  readonly target: string;
  readonly port: number | null;
  /** When the last answer came: ns since 1970-01-01 UTC. */
  readonly at: bigint;
}

/** A lookup of the service that gave no host. */
export interface FailedLookup {
  readonly at: bigint;
  readonly client: string;
  readonly server: string;
  readonly name: string;
  /** Null where no answer came. */
  readonly reason: Reason | null;
}

const DNS_PORT = 53;
const SERVICE = '_vlmcs._tcp';
const MAX_REMEMBERED = 4096;
const NO_SUCH_NAME = 3;

/** Response codes (RFC 1035, 4.1.1). */
const CODES: Readonly<Record<number, string>> = {
  0: 'no SRV record under this name',
  1: 'format error',
  2: 'server failure',
  3: 'no such name',
  4: 'not implemented',
  5: 'refused',
};

type Seen = Omit<FailedLookup, 'reason'>;

/** Follows the lookups of KMS hosts: SRV records of _vlmcs._tcp, and the addresses of what they name. */
export class LookupLog {
  /** By client, id and name. */
  readonly #pending = new Map<string, Seen>();
  /** By target, in small letters. */
  readonly #services = new Map<string, { readonly service: string; readonly port: number }>();
  readonly #ports = new Set<number>();
  /** By client and address of the host. */
  readonly #addresses = new Map<string, { readonly target: string; readonly at: bigint }>();
  readonly #failed: FailedLookup[] = [];
  readonly #told = new Set<string>();

  /** Takes a UDP datagram whose header was just read; what is no DNS message is passed over. */
  note(segment: Segment, start: number, end: number, packet: CapturedPacket): void {
    const { bytes, family, source, destination } = segment;
    const [from, to] = [bytes.readUInt16BE(start - 8), bytes.readUInt16BE(start - 6)];
    if (from !== DNS_PORT && to !== DNS_PORT) return;
    const body = bytes.subarray(start, Math.min(end, bytes.length));
    const message = readDns(body);
    if (message === null) return;
    const sender = formatEndpoint(family, source, from);
    const receiver = formatEndpoint(family, destination, to);
    const [client, server] = message.isResponse ? [receiver, sender] : [sender, receiver];
    const { name, type } = message.question;
    const seen = { at: packet.timestampNs, client, server, name };
    if (!message.isResponse) this.#ask(message, seen);
    else if (type === DNS_TYPE.srv) this.#answer(message, body, seen);
    else this.#keepAddresses(message, body, seen);
  }

  /** Whether any record names this port: most ports are none's, and need no closer look. */
  knows(port: number): boolean {
    return this.#ports.has(port);
  }

  /** How `client` found `host`, both without their ports. */
  find(client: string, host: string, port: number): Lookup | null {
    const found = this.#addresses.get(`${client} ${host}`);
    if (found === undefined) return null;
    const record = this.#services.get(found.target.toLowerCase());
    const ofPort = record?.port === port ? record : undefined;
    const { service, port: named } = ofPort ?? record ?? { service: null, port: null };
    return { service, target: found.target, port: named, at: found.at };
  }

  /** Failures since the last call. */
  takeFailed(): FailedLookup[] {
    return this.#failed.splice(0);
  }

  /** The capture has ended: what was not answered will not be. */
  finish(): void {
    for (const seen of this.#pending.values()) this.#fail({ ...seen, reason: null });
    this.#pending.clear();
  }

  #ask({ id, question }: DnsMessage, seen: Seen): void {
    const key = `${seen.client} ${id} ${seen.name}`;
    if (question.type !== DNS_TYPE.srv || !isService(seen.name) || this.#pending.has(key)) return;
    if (this.#pending.size < MAX_REMEMBERED) this.#pending.set(key, seen);
  }

  #answer(message: DnsMessage, bytes: Buffer, seen: Seen): void {
    if (!isService(seen.name)) return;
    this.#pending.delete(`${seen.client} ${message.id} ${seen.name}`);
    let found = 0;
    for (const record of message.records) {
      const srv = record.type === DNS_TYPE.srv ? readSrv(bytes, record) : null;
      if (srv === null || this.#services.size >= MAX_REMEMBERED) continue;
      this.#services.set(srv.target.toLowerCase(), { service: seen.name, port: srv.port });
      this.#ports.add(srv.port);
      found++;
    }
    this.#keepAddresses(message, bytes, seen);
    const { code } = message;
    if (found === 0) this.#fail({ ...seen, reason: { code, text: CODES[code] ?? `response code ${code}` } });
  }

  #keepAddresses({ records }: DnsMessage, bytes: Buffer, { client, name, at }: Seen): void {
    const machine = withoutPort(client);
    const known = this.#services.has(name.toLowerCase());
    for (const record of records) {
      const address = addressOf(bytes, record);
      if (address === null || this.#addresses.size >= MAX_REMEMBERED) continue;
      // An alias leads from the name that was asked for to the one that has the address.
      this.#addresses.set(`${machine} ${address}`, { target: known ? name : record.name, at });
    }
  }

  /** Clients ask again and again: once each is told. */
  #fail(failed: FailedLookup): void {
    const key = `${withoutPort(failed.client)} ${failed.name.toLowerCase()} ${failed.reason?.code ?? -1}`;
    if (this.#told.has(key) || this.#told.size >= MAX_REMEMBERED) return;
    this.#told.add(key);
    this.#failed.push(failed);
  }
}

export const isNoRecord = ({ reason }: FailedLookup): boolean =>
  reason !== null && (reason.code === 0 || reason.code === NO_SUCH_NAME);

/** The address of an endpoint: IPv6 without its brackets. */
export const withoutPort = (endpoint: string): string =>
  endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '');

const isService = (name: string): boolean => name.toLowerCase().startsWith(SERVICE);

function addressOf(bytes: Buffer, { type, start, end }: DnsRecord): string | null {
  const isV4 = type === DNS_TYPE.a && end - start === 4;
  if (!isV4 && (type !== DNS_TYPE.aaaa || end - start !== 16)) return null;
  const words = new Uint32Array(4);
  for (let i = isV4 ? 3 : 0, at = start; i < 4; i++, at += 4) words[i] = bytes.readUInt32BE(at);
  return formatAddress(isV4 ? 4 : 6, words);
}
