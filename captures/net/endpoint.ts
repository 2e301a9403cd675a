/** One end of a TCP connection: 4 or 16 octets of address, and the port. */
export interface Endpoint {
  readonly address: Buffer;
  readonly port: number;
}

/**
 * Reads `address:port`, IPv6 as `[::1]:port`; a zone (`%lo`) is dropped, for no packet carries it.
 * @throws RangeError where the text is none: it comes from sockets or from this project's own formatting
 */
export function parseEndpoint(text: string): Endpoint {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text);
  const port = Number(match?.[3]);
  const address = match === null ? null : match[1] === undefined ? parseIpv4(match[2]!) : parseIpv6(match[1]);
  if (address === null || port > 0xffff)
    throw new RangeError(`no endpoint "address:port": ${JSON.stringify(text)}`);
  return { address, port };
}

function parseIpv4(text: string): Buffer | null {
  const octets = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return octets.length === 4 && octets.every((octet) => octet < 256) ? Buffer.from(octets) : null;
}

function parseIpv6(text: string): Buffer | null {
  const [head, tail, ...more] = text.replace(/%.*$/, '').split('::');
  if (head === undefined || more.length > 0) return null;
  const left = groups(head);
  const right = groups(tail ?? '');
  if (left === null || right === null) return null;
  const missing = 16 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  return Buffer.concat([left, Buffer.alloc(missing), right]);
}

function groups(text: string): Buffer | null {
  if (text === '') return Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (const group of text.split(':')) {
    const octets = group.includes('.')
      ? parseIpv4(group)
      : /^[0-9a-f]{1,4}$/i.test(group)
        ? Buffer.from(group.padStart(4, '0'), 'hex')
        : null;
    if (octets === null) return null;
    parts.push(octets);
  }
  return Buffer.concat(parts);
}
