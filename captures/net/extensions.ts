/** IPv6 extension headers (RFC 8200, 4; IANA "IPv6 Extension Header Types"). */
export const EXTENSION = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  destination: 60,
  mobility: 135,
  hip: 139,
  shim6: 140,
} as const;

const ALL: ReadonlySet<number> = new Set(Object.values(EXTENSION));

/** Whether a next-header number names an extension header, not what the datagram carries. */
export const isExtension = (type: number): boolean => ALL.has(type);

/**
 * Octets of an extension header.
 * @param lengthOctet its second octet: units of 8 octets beyond the first, of 4 in an authentication header (RFC 4302, 2.2)
 */
export function extensionSize(type: number, lengthOctet: number): number {
  if (type === EXTENSION.fragment) return 8;
  return type === EXTENSION.authentication ? (lengthOctet + 2) * 4 : (lengthOctet + 1) * 8;
}
