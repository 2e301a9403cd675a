/** How the same layout meets the wire: byte order of integers and the width of NDR lengths. */
export interface Encoding {
  /** From packed_drep: big-endian integers and GUID groups (C706 14.1). */
  readonly bigEndian: boolean;
  /** Bytes of an NDR length: 4 in NDR32, 8 in NDR64. */
  readonly ndrWidth: 4 | 8;
}

/** Little-endian integers and 4-byte NDR lengths: KMS messages, and stubs in NDR32. */
export const LITTLE_ENDIAN: Encoding = { bigEndian: false, ndrWidth: 4 };

/** A small index for tables of compiled codecs, one for each encoding. */
export function encodingIndex(encoding: Encoding): number {
  return (encoding.bigEndian ? 1 : 0) + (encoding.ndrWidth === 8 ? 2 : 0);
}
