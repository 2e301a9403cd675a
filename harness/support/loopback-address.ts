import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/**
 * The family of an address as all that connects reads it: 4, 6, or 0 for a name. A zone stands behind IPv6 alone: `127.0.0.1%x` is a
 * name, which DNS may lead anywhere.
 */
export function addressFamily(address: string): 0 | 4 | 6 {
  const zone = address.indexOf('%');
  const family = isIP(zone < 0 ? address : address.slice(0, zone));
  return zone >= 0 && family !== 6 ? 0 : (family as 0 | 4 | 6);
}

/** True for 127.0.0.0/8, ::1 and ::ffff:127.0.0.0/104, and for no name. */
export function isLoopbackAddress(address: string): boolean {
  const family = addressFamily(address);
  return family !== 0 && LOOPBACK.check(address.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6');
}
