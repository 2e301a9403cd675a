/** The sum of 16-bit words that IP and TCP checksums are made of (RFC 1071); an odd last octet counts as the high half. */
export function wordSum(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  let sum = initial;
  let at = start;
  for (; at + 1 < end; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  if (at < end) sum += bytes[at]! << 8;
  return sum;
}

/** Folds carries in and complements. */
export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** Puts a right checksum into the IPv4 header at `at`. */
export function setIpv4Checksum(bytes: Uint8Array, at: number): void {
  const end = at + (bytes[at]! & 15) * 4;
  bytes[at + 10] = bytes[at + 11] = 0;
  const sum = foldChecksum(wordSum(bytes, at, end));
  bytes[at + 10] = sum >> 8;
  bytes[at + 11] = sum & 255;
}

/**
 * Puts a right checksum into the TCP header at `start` (RFC 9293, 3.1).
 * @param addresses source and destination, one after the other
 */
export function setTcpChecksum(bytes: Uint8Array, start: number, end: number, addresses: Uint8Array): void {
  bytes[start + 16] = bytes[start + 17] = 0;
  const length = end - start;
  const pseudo = wordSum(addresses, 0, addresses.length) + 6 + (length >>> 16) + (length & 0xffff);
  const sum = foldChecksum(wordSum(bytes, start, end, pseudo));
  bytes[start + 16] = sum >> 8;
  bytes[start + 17] = sum & 255;
}

/**
 * Puts a right checksum into the UDP header at `at` (RFC 768): zero, which says that there is none, where there was none, or where not all
 * of the datagram was captured.
 * @param addresses source and destination, one after the other
 */
export function setUdpChecksum(bytes: Buffer, at: number, addresses: Uint8Array): void {
  const length = bytes.readUInt16BE(at + 4);
  const had = bytes.readUInt16BE(at + 6) !== 0;
  bytes.writeUInt16BE(0, at + 6);
  if (!had || length < 8 || at + length > bytes.length) return;
  const pseudo = wordSum(addresses, 0, addresses.length) + 17 + length;
  bytes.writeUInt16BE(foldChecksum(wordSum(bytes, at, at + length, pseudo)) || 0xffff, at + 6);
}
