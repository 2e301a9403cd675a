import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Ranges that do not reach the public Internet: RFC 1918, 6598, 3927, 5737, 4193, 4291, 3849, 6890. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const NOT_PUBLIC_6 = ['::/127', 'fc00::/7', 'fe80::/10', '2001:db8::/32', 'ff00::/8'];

const notPublic = blockList(NOT_PUBLIC_4, NOT_PUBLIC_6);

function blockList(four: readonly string[], six: readonly string[]): BlockList {
  const list = new BlockList();
  for (const [ranges, family] of [
    [four, 'ipv4'],
    [six, 'ipv6'],
  ] as const) {
    for (const range of ranges) {
      const [net, bits] = range.split('/');
      list.addSubnet(net!, Number(bits), family);
    }
  }
  return list;
}

/** Addresses at which no host can be asked, and why: RFC 1122 3.2.1.3, RFC 1112 4, RFC 4291 2.5.2, 2.7, 2.5.6. */
const UNASKABLE: readonly (readonly [string, BlockList])[] = [
  ["that is no host's address", blockList(['0.0.0.0/8'], ['::/128'])],
  ['that is a multicast address', blockList(['224.0.0.0/4'], ['ff00::/8'])],
  ['that is a reserved address', blockList(['240.0.0.0/4'], [])],
  ['a link-local address needs its interface, which DNS cannot name', blockList([], ['fe80::/10'])],
];

/** Why nobody can be asked at an address that DNS gives, as a clause; null where somebody may be. */
export const whyUnaskable = (address: string): string | null =>
  UNASKABLE.find(([, list]) => isListed(address, list) === true)?.[0] ?? null;

/** True for an address that anyone on the Internet may reach; "port 1688 should never be exposed" (the article). */
export function isPublicAddress(address: string): boolean {
  return isListed(address, notPublic) === false;
}

/** Undefined for what is no address. An IPv4 address mapped into IPv6 counts as itself. */
function isListed(address: string, list: BlockList): boolean | undefined {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (isIPv4(plain)) return list.check(plain, 'ipv4');
  if (isIPv6(plain)) return list.check(plain, 'ipv6');
  return undefined;
}
