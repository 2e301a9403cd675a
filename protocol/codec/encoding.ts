/** How the same layout meets the wire: byte order of integers and the width of NDR lengths. */
export interface Encoding {
  /** From packed_drep: big-endian integers and GUID groups (C706 14.1). */
  readonly bigEndian: boolean;
  /** Bytes of an NDR length: 4 in NDR32, 8 in NDR64. */
  readonly ndrWidth: 4 | 8;
}

/** Little-endian integers and 4-byte NDR lengths: KMS messages, and stubs in NDR32. */
export const LITTLE_ENDIAN: Encoding = { bigEndian: false, ndrWidth: 4 };

const BIG_ENDIAN: Encoding = { bigEndian: true, ndrWidth: 4 };
const LITTLE_ENDIAN_64: Encoding = { bigEndian: false, ndrWidth: 8 };
const BIG_ENDIAN_64: Encoding = { bigEndian: true, ndrWidth: 8 };

/** The encoding of this order and width; there is one object of each. */
export function encodingWith(bigEndian: boolean, ndrWidth: 4 | 8): Encoding {
  if (ndrWidth === 8) return bigEndian ? BIG_ENDIAN_64 : LITTLE_ENDIAN_64;
  return bigEndian ? BIG_ENDIAN : LITTLE_ENDIAN;
}

/** A small index for tables of compiled codecs, one for each encoding. */
export function encodingIndex(encoding: Encoding): number {
  return (encoding.bigEndian ? 1 : 0) + (encoding.ndrWidth === 8 ? 2 : 0);
}
