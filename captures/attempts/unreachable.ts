import type { Segment } from '../net/segment';
import type { Reason } from '../rpc/story';

/** ICMP messages that are remembered until the connections that they are about are judged. */
const MAX_REMEMBERED = 1024;
const DESTINATION_UNREACHABLE_V4 = 3;
const DESTINATION_UNREACHABLE_V6 = 1;
const TIME_EXCEEDED_V4 = 11;
const TIME_EXCEEDED_V6 = 3;
const TCP = 6;

const CODES_V4: Readonly<Record<number, string>> = {
  0: 'network unreachable',
  1: 'host unreachable',
  2: 'protocol unreachable',
  3: 'port unreachable',
  9: 'network administratively prohibited',
  10: 'host administratively prohibited',
  13: 'communication administratively prohibited',
};
const CODES_V6: Readonly<Record<number, string>> = {
  0: 'no route to destination',
  1: 'communication administratively prohibited',
  3: 'address unreachable',
  4: 'port unreachable',
  5: 'source address failed policy',
  6: 'route rejected',
};

/** Remembers which connections routers and firewalls said no to (RFC 792, RFC 4443). */
export class UnreachableLog {
  readonly #reasons = new Map<string, Reason>();

  /** Takes an ICMP message: it quotes the header of the packet that could not be delivered, and the first octets of TCP. */
  note({ bytes, family }: Segment, start: number, end: number): void {
    const reason = reasonOf(bytes, start, family);
    if (reason === null) return;
    const quoted = start + 8;
    const limit = Math.min(end, bytes.length);
    const [size, source, protocolAt] = family === 4 ? [4, 12, 9] : [16, 8, 6];
    const header = family === 4 ? ((bytes[quoted] ?? 0) & 15) * 4 : 40;
    const tcp = quoted + header;
    if (tcp + 4 > limit || bytes[quoted + protocolAt] !== TCP) return;
    const addresses = bytes.toString('hex', quoted + source, quoted + source + 2 * size);
    if (this.#reasons.size < MAX_REMEMBERED)
      this.#reasons.set(`${addresses}${bytes.toString('hex', tcp, tcp + 4)}`, reason);
  }

  /** @param key addresses and ports of client and host, in hex, as on the wire */
  find(key: string): Reason | null {
    return this.#reasons.get(key) ?? null;
  }
}

function reasonOf(bytes: Buffer, start: number, family: 4 | 6): Reason | null {
  if (start + 8 > bytes.length) return null;
  const [type, code] = [bytes[start]!, bytes[start + 1]!];
  const unreachable = family === 4 ? DESTINATION_UNREACHABLE_V4 : DESTINATION_UNREACHABLE_V6;
  const names = family === 4 ? CODES_V4 : CODES_V6;
  if (type === unreachable) return { code, text: names[code] ?? `unreachable, code ${code}` };
  const exceeded = family === 4 ? TIME_EXCEEDED_V4 : TIME_EXCEEDED_V6;
  return type === exceeded ? { code, text: 'time to live exceeded on the way' } : null;
}
