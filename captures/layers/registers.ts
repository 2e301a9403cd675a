import { cooked, cooked2, family, nflog, pflog, pktap, ppi, tokenRing, typeAt } from './capture-headers';
import { HEADER, type ReadHeader, Register } from './cursor';
import type { Layer, LayerName } from './layer';
import { ethernet, llc, mpls, serviceInstanceTag, tag } from './ethernet';
import { ciscoHdlc, frameRelay, ppp, pppOrHdlc, pppoe, sunAtm, withDirection } from './point-to-point';
import { lisp, macsec, service, teredo, trill, tzsp } from './other-tunnels';
import { authentication, erspan, geneve, gre, gtp, l2tp, skip, udp, vxlan, vxlanGpe, wccp } from './tunnels';
import { avs, prism, radiotap, wifi } from './wifi';

/** The IP header, of the version that its first four bits say: read by `net/ip.ts`, for fragments are to be joined. */
export const IP: Layer = { name: 'ip', read: () => false };

const of = (name: LayerName, read: ReadHeader): Layer => ({ name, read });
const framing = (read: ReadHeader): Layer => of('framing', read);
const tunnel = (read: ReadHeader): Layer => of('tunnel', read);
const metadata = (kept: number, read: ReadHeader): Layer => ({ name: 'metadata', read, kept });
const captureHeader = (kept: number, read: ReadHeader): Layer => ({ name: 'captureHeader', read, kept });

export const ETHERNET = of('ethernet', ethernet);
const LLC = of('llc', llc);
const MPLS = of('mpls', mpls);
const PPP = framing(ppp);
const FRAME_RELAY = framing(frameRelay);
const HDLC = framing(ciscoHdlc);
const WIFI_FRAME = of('wifi', wifi);
const VLAN = of('tag', tag(2));
const VXLAN = tunnel(vxlan);
const SERVICE = metadata(8, service);
const GRE_HEADER = of('gre', gre);

const HEADERS: Readonly<Record<number, Layer>> = {
  [HEADER.ethernet]: ETHERNET,
  [HEADER.ip]: IP,
  [HEADER.llc]: LLC,
  [HEADER.ppp]: PPP,
  [HEADER.mpls]: MPLS,
  [HEADER.wifi]: WIFI_FRAME,
  [HEADER.hdlc]: HDLC,
  [HEADER.erspan]: tunnel(erspan),
  [HEADER.frameRelay]: FRAME_RELAY,
  [HEADER.service]: SERVICE,
  [HEADER.subframe]: of('ethernet', skip(14, HEADER.llc)), // addresses and a length, as in 802.3
};

/** tcpdump.org/linktypes.html */
const LINKS: Readonly<Record<number, Layer>> = {
  0: framing(family(4)),
  1: ETHERNET,
  6: of('tokenRing', tokenRing),
  8: captureHeader(0, skip(16, HEADER.ip)), // SLIP
  9: PPP,
  10: of('fddi', skip(13, HEADER.llc)),
  12: IP,
  14: IP,
  50: framing(pppOrHdlc),
  51: of('pppoe', pppoe),
  100: LLC, // ATM, RFC 2684
  101: IP,
  104: HDLC,
  105: WIFI_FRAME,
  107: FRAME_RELAY,
  108: framing(family(4)),
  109: captureHeader(4, family(12)), // ENC: family, index of the association, flags
  113: of('cooked', cooked),
  117: captureHeader(2, pflog),
  119: captureHeader(8, prism),
  122: of('opaque', skip(16, HEADER.llc)), // IP over Fibre Channel
  123: framing(sunAtm),
  127: of('radiotap', radiotap),
  138: of('opaque', typeAt(16, 18)), // IP over IEEE 1394
  149: captureHeader(12, pktap), // macOS wrote PKTAP under this number
  163: captureHeader(8, avs),
  166: framing(withDirection(HEADER.ppp)),
  192: captureHeader(8, ppi),
  204: framing(withDirection(HEADER.ppp)),
  205: framing(withDirection(HEADER.hdlc)),
  206: framing(withDirection(HEADER.frameRelay)),
  228: IP,
  229: IP,
  239: of('nflog', nflog),
  240: captureHeader(4, skip(4, HEADER.ethernet)), // netANALYZER
  241: captureHeader(4, skip(12, HEADER.ethernet)), // the same, with a preamble
  242: of('opaque', typeAt(40, 44)), // IP over InfiniBand
  258: captureHeader(12, pktap),
  274: of('opaque', skip(8, HEADER.ethernet)), // Ethernet with its preamble
  276: of('cooked2', cooked2),
};

const ETHERTYPES: Readonly<Record<number, Layer>> = {
  0x0800: IP,
  0x86dd: IP,
  // 802.1Q, 802.1ad, and the numbers that were used before these were standardised.
  0x8100: VLAN,
  0x88a8: VLAN,
  0x9100: VLAN,
  0x9200: VLAN,
  0x9300: VLAN,
  0x8926: of('tag', tag(4)), // VN-Tag
  0x892f: of('tag', tag(4)), // HSR
  0x8909: of('tag', tag(6)), // Cisco metadata
  0x88e7: of('tag', serviceInstanceTag), // 802.1ah
  0xf1c1: of('tag', tag(4)), // 802.1CB
  0x22f3: metadata(6, trill),
  0x8903: framing(skip(2, HEADER.ethernet)), // FabricPath
  0x894f: SERVICE,
  0x88e5: of('opaque', macsec),
  0x8847: MPLS,
  0x8848: MPLS,
  0x8864: of('pppoe', pppoe),
  0x880b: PPP,
  0x6558: ETHERNET, // in GRE and GENEVE
  0x6559: FRAME_RELAY,
  0x883e: tunnel(wccp),
  0x8870: LLC, // jumbo frames
};

const PPP_PROTOCOLS: Readonly<Record<number, Layer>> = {
  0x0021: IP,
  0x0057: IP,
  0x0281: MPLS,
  0x0283: MPLS,
};

const IP_PROTOCOLS: Readonly<Record<number, Layer>> = {
  4: IP,
  17: of('udp', udp),
  41: IP,
  47: GRE_HEADER,
  51: of('authentication', authentication),
  97: tunnel(skip(2, HEADER.ethernet)), // EtherIP
  137: MPLS,
  143: ETHERNET,
};

const UDP_PORTS: Readonly<Record<number, Layer>> = {
  1701: framing(l2tp),
  2152: tunnel(gtp),
  3544: of('opaque', teredo),
  4341: tunnel(lisp),
  4754: GRE_HEADER, // RFC 8086
  4789: VXLAN,
  4790: tunnel(vxlanGpe),
  6081: of('geneve', geneve),
  6635: MPLS, // RFC 7510
  8472: VXLAN, // Linux, before there was a number
  37_008: of('opaque', tzsp),
};

const SAPS: Readonly<Record<number, Layer>> = { 0x06: IP };
const NLPIDS: Readonly<Record<number, Layer>> = { 0xcc: IP, 0x8e: IP, 0xcf: PPP };

const keyOf = (register: Register, number: number): number => (register << 16) | number;

/** What is read, by register and number: a copy, to which ports may be added. */
export class LayerTable {
  readonly #layers = new Map<number, Layer>();

  /** @param vxlanPorts UDP ports besides the known ones on which VXLAN is spoken */
  constructor(vxlanPorts: readonly number[] = []) {
    const registers: readonly (readonly [Register, Readonly<Record<number, Layer>>])[] = [
      [Register.header, HEADERS],
      [Register.link, LINKS],
      [Register.ethertype, ETHERTYPES],
      [Register.ppp, PPP_PROTOCOLS],
      [Register.ip, IP_PROTOCOLS],
      [Register.udp, UDP_PORTS],
      [Register.sap, SAPS],
      [Register.nlpid, NLPIDS],
    ];
    for (const [register, layers] of registers)
      for (const [number, layer] of Object.entries(layers))
        this.#layers.set(keyOf(register, Number(number)), layer);
    for (const port of vxlanPorts) this.#layers.set(keyOf(Register.udp, port), VXLAN);
  }

  find(register: Register, number: number): Layer | undefined {
    return this.#layers.get(keyOf(register, number));
  }
}
