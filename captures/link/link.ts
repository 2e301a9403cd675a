/** LINKTYPE_ numbers (tcpdump.org/linktypes.html) of the link layers that are read. */
export const LINK = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** 802.1Q, QinQ (802.1ad), and the numbers that were used before it was standardised. */
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200, 0x9300]);
const MAX_TAGS = 8;

/** BSDs and macOS number the address family of IPv6 differently; the capture may come from any of them. */
const FAMILY_IPV4 = 2;
const FAMILIES_IPV6: ReadonlySet<number> = new Set([10, 24, 28, 30]);

/** What stands at the place that `locateNetwork` found. */
export const enum Network {
  unknownLink = -1,
  other = 0,
  ipv4 = 4,
  ipv6 = 6,
}

/** The result of `locateNetwork`, reused from packet to packet. */
export interface NetworkPlace {
  networkOffset: number;
}

/**
 * Finds the IP header of a frame and puts its offset into `place`.
 * @param linkType LINKTYPE_ number
 */
export function locateNetwork(linkType: number, data: Uint8Array, place: NetworkPlace): Network {
  switch (linkType) {
    case LINK.ethernet:
      return byEthertype(data, 12, place);
    case LINK.linuxCooked:
      return byEthertype(data, 14, place);
    case LINK.linuxCooked2:
      return cooked2(data, place);
    case LINK.null:
    case LINK.loop:
      return byFamily(data, place);
    case LINK.raw:
    case LINK.rawBsd:
    case LINK.rawOpenBsd:
    case LINK.ipv4:
    case LINK.ipv6:
      return byVersion(data, place);
    default:
      return Network.unknownLink;
  }
}

/** An Ethertype at `at`, tags before it passed over. */
function byEthertype(data: Uint8Array, at: number, place: NetworkPlace): Network {
  let offset = at;
  for (let tags = 0; tags <= MAX_TAGS && offset + 2 <= data.length; tags++, offset += 4) {
    const type = (data[offset]! << 8) | data[offset + 1]!;
    place.networkOffset = offset + 2;
    if (type === ETHERTYPE_IPV4) return Network.ipv4;
    if (type === ETHERTYPE_IPV6) return Network.ipv6;
    if (!VLAN_TAGS.has(type)) return Network.other;
  }
  return Network.other;
}

/** Linux cooked v2 has the protocol first, and 18 octets more; a tag's octets follow those. */
function cooked2(data: Uint8Array, place: NetworkPlace): Network {
  if (data.length < 20) return Network.other;
  const type = (data[0]! << 8) | data[1]!;
  place.networkOffset = 20;
  if (type === ETHERTYPE_IPV4) return Network.ipv4;
  if (type === ETHERTYPE_IPV6) return Network.ipv6;
  return VLAN_TAGS.has(type) ? byEthertype(data, 22, place) : Network.other;
}

/** NULL is in the byte order of the machine that recorded, LOOP in network order; families are small numbers, so either shows. */
function byFamily(data: Uint8Array, place: NetworkPlace): Network {
  if (data.length < 4) return Network.other;
  const little = data[0]! | (data[1]! << 8) | (data[2]! << 16) | (data[3]! << 24);
  const big = (data[0]! << 24) | (data[1]! << 16) | (data[2]! << 8) | data[3]!;
  place.networkOffset = 4;
  if (little === FAMILY_IPV4 || big === FAMILY_IPV4) return Network.ipv4;
  return FAMILIES_IPV6.has(little) || FAMILIES_IPV6.has(big) ? Network.ipv6 : Network.other;
}

function byVersion(data: Uint8Array, place: NetworkPlace): Network {
  place.networkOffset = 0;
  const version = data.length > 0 ? data[0]! >> 4 : 0;
  return version === 4 ? Network.ipv4 : version === 6 ? Network.ipv6 : Network.other;
}
