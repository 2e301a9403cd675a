import { HEADER, Register, WIFI } from './cursor';
import { CISCO_SNAP } from './ethernet';

/** Names of what is not read. Quiet: it carries no IP, so that nothing is lost. */
interface Known {
  readonly name: string;
  readonly quiet: boolean;
}

const told = (name: string): Known => ({ name, quiet: false });
const quiet = (name: string): Known => ({ name, quiet: true });

const LINKS: Readonly<Record<number, Known>> = {
  3: told('AX.25'),
  7: told('ARCNET'),
  8: told('SLIP'),
  16: told('PPP BSD'),
  19: told('Linux classical IP over ATM'),
  99: told('Symantec firewall'),
  118: told('Cisco IOS'),
  122: told('IP over Fibre Channel'),
  123: told('SunATM'),
  129: told('ARCNET Linux'),
  130: told('Juniper MLPPP'),
  137: told('Juniper ATM'),
  143: told('DOCSIS'),
  144: told('Linux IrDA'),
  177: told('Linux LAPD'),
  178: told('Juniper Ethernet'),
  187: quiet('Bluetooth HCI'),
  189: quiet('USB'),
  195: quiet('IEEE 802.15.4'),
  197: told('Endace ERF'),
  201: quiet('Bluetooth HCI with direction'),

  220: quiet('USB with Linux header'),
  225: told('IP over InfiniBand, raw'),
  227: quiet('CAN'),
  230: quiet('IEEE 802.15.4 without check sequence'),
  243: told('MPEG-2 transport stream'),
  247: told('InfiniBand'),
  249: quiet('USBPcap'),
  251: quiet('Bluetooth LE'),
  252: told('Wireshark upper PDU'),
  253: quiet('Linux Netlink'),
  256: quiet('Bluetooth LE with header'),
  283: told('Marvell DSA tag'),
  284: told('Marvell EDSA tag'),
  285: told('ELEE'),
};

const ETHERTYPES: Readonly<Record<number, Known>> = {
  0x0806: quiet('ARP'),
  0x0842: quiet('Wake on LAN'),
  0x22eb: told('ERSPAN III outside of GRE'),
  0x22f3: told('TRILL'),
  0x2000: quiet('CDP'),
  0x6002: quiet('DEC MOP'),
  0x8035: quiet('RARP'),
  0x8137: quiet('IPX'),
  0x8808: quiet('Ethernet flow control'),
  0x8809: quiet('slow protocols, such as LACP'),
  0x8863: quiet('PPPoE discovery'),
  0x8899: quiet('Realtek loop detection'),
  0x888e: quiet('EAPOL'),
  0x8892: quiet('PROFINET'),
  0x88a2: quiet('ATA over Ethernet'),
  0x88a4: quiet('EtherCAT'),
  0x88be: told('ERSPAN outside of GRE'),
  0x88c7: quiet('pre-authentication'),
  0x88cc: quiet('LLDP'),
  0x88e1: quiet('HomePlug'),
  0x88e5: told('MACsec'),
  0x88f5: quiet('MVRP'),
  0x88f7: quiet('PTP'),
  0x8902: quiet('CFM'),
  0x8903: told('Cisco FabricPath'),
  0x8906: quiet('FCoE'),
  0x8914: quiet('FCoE initialization'),
  0x891d: told('TTEthernet'),
  0x893a: quiet('IEEE 1905.1'),
  0x894f: told('network service header'),
  0x9000: quiet('loopback test'),
};

const IP_PROTOCOLS: Readonly<Record<number, Known>> = {
  1: quiet('ICMP'),
  2: quiet('IGMP'),
  6: quiet('TCP'),
  8: quiet('EGP'),
  17: quiet('UDP'),
  33: quiet('DCCP'),
  46: quiet('RSVP'),
  50: told('ESP'),
  55: told('minimal encapsulation'),
  58: quiet('ICMPv6'),
  59: quiet('no next header'),
  88: quiet('EIGRP'),
  89: quiet('OSPF'),
  94: told('IP within IP, KA9Q'),
  98: told('encapsulation header'),
  103: quiet('PIM'),
  108: told('IP payload compression'),
  112: quiet('VRRP'),
  115: told('L2TPv3'),
  132: quiet('SCTP'),
  136: quiet('UDP-Lite'),
};

/** Tunnels over UDP; any other port carries no IP. */
const UDP_TUNNELS: Readonly<Record<number, Known>> = {
  500: quiet('IKE'),
  1194: told('OpenVPN'),
  1701: told('L2TP'),
  4754: told('GRE'),
  4789: told('VXLAN'),
  4790: told('VXLAN-GPE'),
  6081: told('GENEVE'),
  6635: told('MPLS'),
  8472: told('VXLAN'),
  2152: told('GTP-U'),
  3544: told('Teredo'),
  4341: told('LISP'),
  4500: told('IPsec over UDP'),
  5247: told('CAPWAP data'),
  6080: told('GUE'),
  7348: told('VXLAN over TLS'),
  37_008: told('TZSP'),
  51_820: told('WireGuard'),
};

const PPP_PROTOCOLS: Readonly<Record<number, Known>> = {
  0x002b: quiet('IPX'),
  0x002d: told('compressed TCP headers'),
  0x002f: told('uncompressed TCP headers of Van Jacobson'),
  0x003d: told('multilink'),
  0x0053: told('encrypted'),
  0x00fb: told('single-link compression'),
  0x00fd: told('compressed'),
};

const SAPS: Readonly<Record<number, Known>> = {
  0x42: quiet('spanning tree'),
  0xaa: told('SNAP of another organisation'),
  0xe0: quiet('IPX'),
  0xf0: quiet('NetBIOS'),
  0xfe: quiet('ISO network layer'),
  0xff: quiet('raw IPX'),
  [CISCO_SNAP]: quiet("Cisco's own SNAP"),
};

const WIFI_FRAMES: Readonly<Record<number, Known>> = {
  [WIFI.encrypted]: told('encrypted'),
  [WIFI.aggregated]: told('aggregated (A-MSDU)'),
  [WIFI.fragmented]: told('in fragments'),
  [WIFI.noData]: quiet('management, control or no data'),
};

/** PPP's control protocols carry no IP (RFC 1661, 2). */
const PPP_CONTROL = 0x4000;

/** What a warning and the list of what a capture holds call something that is not read. */
export function describeUnread(register: Register, number: number): Known {
  const hex = `0x${number.toString(16).toUpperCase().padStart(4, '0')}`;
  switch (register) {
    case Register.link:
      return named(LINKS[number], `link type ${number}`, false);
    case Register.ethertype:
      return named(ETHERTYPES[number], `Ethertype ${hex}`, false);
    case Register.sap:
      return named(SAPS[number], `LLC access point 0x${(number & 0xff).toString(16).toUpperCase()}`, false);
    case Register.nlpid:
      return named(undefined, `Frame Relay NLPID 0x${number.toString(16).toUpperCase()}`, false);
    case Register.ppp:
      return named(PPP_PROTOCOLS[number], `PPP protocol ${hex}`, number >= PPP_CONTROL);
    case Register.ip:
      return named(IP_PROTOCOLS[number], `IP protocol ${number}`, false);
    case Register.udp:
      return named(UDP_TUNNELS[number], `UDP port ${number}`, true);
    case Register.wifi:
      return named(WIFI_FRAMES[number], '802.11 frames', false);
    case Register.header:
      return told(
        number === HEADER.tooDeep
          ? 'headers within headers beyond the depth that is read'
          : 'headers that cannot be',
      );
  }
}

function named(known: Known | undefined, number: string, otherwiseQuiet: boolean): Known {
  if (known === undefined) return { name: number, quiet: otherwiseQuiet };
  return { name: `${number} (${known.name})`, quiet: known.quiet };
}

/** Whether a UDP port is that of a tunnel, so that its packets are told. */
export const isUdpTunnel = (port: number): boolean => UDP_TUNNELS[port]?.quiet === false;
