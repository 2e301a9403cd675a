const BYTES = 16;

/** CMIDs that each differ from another in one byte: one for each byte of it, in the order in which they are written. */
export function cmidsThatDifferInOneByte(from: string): string[] {
  const digits = from.replaceAll('-', '');
  return Array.from({ length: BYTES }, (_, byte) => {
    const value = Number.parseInt(digits.slice(2 * byte, 2 * byte + 2), 16) ^ 0x01;
    const changed =
      digits.slice(0, 2 * byte) + value.toString(16).padStart(2, '0') + digits.slice(2 * byte + 2);
    return changed.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  });
}
