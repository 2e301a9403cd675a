import type { GroupName, VectorOf } from '../vector-file';

/** A vector before it has its number. */
export type Unnumbered<G extends GroupName> = VectorOf<G> extends infer V ? Omit<V, 'id'> : never;

/** Where vectors come from that were laid out for the purpose. */
export const MADE = 'made';

/** Whether octets were not seen before: recordings hold many of the same PDUs. */
export function once(): (hex: string) => boolean {
  const seen = new Set<string>();
  return (hex) => !seen.has(hex) && seen.add(hex) !== undefined;
}

/** Both byte orders, and both widths of NDR lengths. */
export const BYTE_ORDERS = [false, true] as const;
export const ENCODINGS = (['ndr32', 'ndr64'] as const).flatMap((transferSyntax) =>
  BYTE_ORDERS.map((bigEndian) => ({ transferSyntax, bigEndian })),
);
export type StubEncoding = (typeof ENCODINGS)[number];

export const encodingOf = ({ transferSyntax, bigEndian }: StubEncoding) =>
  ({ bigEndian, ndrWidth: transferSyntax === 'ndr64' ? 8 : 4 }) as const;

export const inWords = ({ transferSyntax, bigEndian }: StubEncoding): string =>
  `${transferSyntax}, ${orderInWords(bigEndian)}`;
export const orderInWords = (bigEndian: boolean): string => (bigEndian ? 'big-endian' : 'little-endian');

/** Octets that differ from each other, so that none may be taken for another. */
export const counted = (size: number, from = 1): string =>
  Buffer.from(Array.from({ length: size }, (_, i) => (from + i) & 0xff)).toString('hex');
