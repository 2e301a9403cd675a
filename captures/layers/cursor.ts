/** The register in which the number of what comes next is listed. */
export const enum Register {
  /** LINKTYPE_ numbers (tcpdump.org/linktypes.html). */
  link,
  /** Ethertypes (IEEE; GRE and GENEVE use them too). */
  ethertype,
  /** Destination service access points of LLC (IEEE 802.2). */
  sap,
  /** Network layer protocol ids (ISO/IEC TR 9577, RFC 2427). */
  nlpid,
  /** PPP protocol numbers (RFC 1661). */
  ppp,
  /** IP protocol numbers. */
  ip,
  /** Ports of UDP. */
  udp,
  /** What keeps an 802.11 frame from being read: see `WIFI`. */
  wifi,
  /** Headers that no register numbers, one named by another's decoder: see `HEADER`. */
  header,
}

/** Numbers of `Register.header`. */
export const HEADER = {
  ethernet: 0,
  ip: 1,
  llc: 2,
  ppp: 3,
  mpls: 4,
  wifi: 5,
  hdlc: 6,
  erspan: 7,
  frameRelay: 8,
  /** More headers within each other than are read. */
  tooDeep: 9,
  service: 10,
  subframe: 11,
} as const;

/** Numbers of `Register.wifi`. */
export const WIFI = { encrypted: 1, aggregated: 2, fragmented: 3, noData: 4 } as const;

/**
 * Where the walk through the headers of a packet stands: what comes next, and where. One object is reused for every packet.
 */
export class Cursor {
  bytes: Buffer = Buffer.alloc(0);
  /** Of the next header. */
  at = 0;
  /** Where what the headers before it carry ends on the wire; more than there are bytes where the packet was cut. */
  end = 0;
  register: Register = Register.link;
  number = 0;
  /** Radiotap said that the 802.11 header behind it is padded. */
  padded = false;

  start(bytes: Buffer, linkType: number, end: number): void {
    this.bytes = bytes;
    this.padded = false;
    this.end = end;
    this.go(Register.link, linkType, 0);
  }

  /** The next header stands at `at`; always true, so that decoders can end with it. */
  go(register: Register, number: number, at: number): true {
    this.register = register;
    this.number = number;
    this.at = at;
    return true;
  }

  /** An Ethertype, or what stands in its place below 1536: the length of an 802.3 frame, whose LLC header follows. */
  goByType(type: number, at: number): true {
    return type < 0x600 ? this.go(Register.header, HEADER.llc, at) : this.go(Register.ethertype, type, at);
  }

  /** Whether `count` octets from `at` on were captured. */
  has(count: number, at = this.at): boolean {
    return at + count <= this.bytes.length;
  }

  u8(at: number): number {
    return this.bytes[at]!;
  }

  u16(at: number): number {
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }
}

/**
 * Reads the header at the cursor and moves the cursor to the next. False where the header is cut or cannot be: nothing of
 * what follows is read then.
 */
export type ReadHeader = (cursor: Cursor) => boolean;
