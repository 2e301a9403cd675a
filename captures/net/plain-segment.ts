import { decodeTcp, type Segment, word } from './segment';

const PROTOCOL_TCP = 6;
/** Ethernet with nothing between it and IP. */
const IP_AT = 14;
const ETHERTYPE_IPV4 = 0x0800;

/**
 * TCP in IPv4 in Ethernet, whole, as most packets are: decoded without a look at what else there may be, for this is done for every packet.
 * False, with nothing promised of the segment, where it is anything else, or cut: the walk through all layers decides then.
 */
export function decodePlain(data: Buffer, originalLength: number, segment: Segment): boolean {
  if (data.length < IP_AT + 40 || ((data[12]! << 8) | data[13]!) !== ETHERTYPE_IPV4) return false;
  const versionAndLength = data[IP_AT]!;
  const headerLength = (versionAndLength & 15) * 4;
  if (versionAndLength >> 4 !== 4 || headerLength < 20 || data[IP_AT + 9] !== PROTOCOL_TCP) return false;
  if ((data[IP_AT + 6]! & 0x3f) !== 0 || data[IP_AT + 7] !== 0) return false; // a fragment
  const claimed = (data[IP_AT + 2]! << 8) | data[IP_AT + 3]!;
  const { source, destination } = segment;
  source[0] = source[1] = source[2] = destination[0] = destination[1] = destination[2] = 0;
  source[3] = word(data, IP_AT + 12);
  destination[3] = word(data, IP_AT + 16);
  segment.family = 4;
  segment.networkOffset = IP_AT;
  segment.transportOffset = IP_AT + headerLength;
  const end = claimed === 0 ? originalLength : IP_AT + claimed;
  return decodeTcp(segment, end) && segment.capturedLength >= segment.payloadLength;
}
