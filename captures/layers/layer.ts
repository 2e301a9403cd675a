import type { ReadHeader } from './cursor';

/** Every kind of header that is read before the IP header of a segment; the anonymiser has a rule for each. */
export type LayerName =
  | 'ip'
  | 'ethernet'
  | 'tag'
  | 'llc'
  | 'mpls'
  | 'cooked'
  | 'cooked2'
  | 'tokenRing'
  | 'pppoe'
  | 'framing' // a few octets that name nobody: PPP, HDLC, Frame Relay, families, directions
  | 'metadata' // what a network says of a packet, behind what tells how it is to be read
  | 'captureHeader' // written by the capturing machine: may name its processes and users
  | 'radiotap'
  | 'fddi'
  | 'authentication'
  | 'nflog'
  | 'wifi'
  | 'udp'
  | 'gre'
  | 'geneve'
  | 'tunnel' // VXLAN, ERSPAN, EtherIP: numbers of networks and sessions
  | 'opaque'; // nothing in it is known to be harmless

export interface Layer {
  readonly name: LayerName;
  readonly read: ReadHeader;
  /** Of a `captureHeader` and of `metadata`: so many octets say how it is to be read, and name nobody. */
  readonly kept?: number;
}
