const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Of an Ethernet frame with IPv4: the second octets of both addresses. */
const MIDDLE_OF_ADDRESSES = [14 + 13, 14 + 17] as const;

/**
 * A classic pcap (Ethernet, IPv4, little-endian) so many times in one file, each time between other addresses: a copy as it is would be taken for
 * a retransmission.
 * @param apartSeconds how much later each copy is than the one before it; at the same time they are one request at many places
 */
export function copiesOf(capture: Buffer, copies: number, apartSeconds = 0): Buffer {
  const packets = capture.subarray(FILE_HEADER);
  const parts = [capture.subarray(0, FILE_HEADER)];
  for (let copy = 0; copy < copies; copy++) {
    const some = Buffer.from(packets);
    for (let at = 0; at < some.length; at += RECORD_HEADER + some.readUInt32LE(at + 8)) {
      some.writeUInt32LE(some.readUInt32LE(at) + copy * apartSeconds, at);
      for (const octet of MIDDLE_OF_ADDRESSES) some.writeUInt16BE(copy, at + RECORD_HEADER + octet);
    }
    parts.push(some);
  }
  return Buffer.concat(parts);
}
