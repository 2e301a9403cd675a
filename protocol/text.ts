/** UTF-16LE with a NUL: the two text fields of the KMS messages. Raw bytes stand for what is no such text. */

function readUnits(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf16le');
}

/** Text that fills `start..end` with one NUL at its end, or those bytes where there is none. */
export function readTerminatedText(bytes: Uint8Array, start: number, end: number): string | Uint8Array {
  const length = end - start;
  if (length < 2 || length % 2 !== 0 || bytes[end - 1] !== 0 || bytes[end - 2] !== 0) {
    return bytes.subarray(start, end);
  }
  return readUnits(bytes, start, end - 2);
}

/** Text that is NUL-terminated within `start..end` and zero-filled to its end, or those bytes. */
export function readFilledText(bytes: Uint8Array, start: number, end: number): string | Uint8Array {
  let last = end;
  // Most of it is filling, which goes quicker by fours.
  while (
    last - start >= 4 &&
    (bytes[last - 1]! | bytes[last - 2]! | bytes[last - 3]! | bytes[last - 4]!) === 0
  )
    last -= 4;
  while (last > start && bytes[last - 1] === 0) last--;
  if ((last - start) % 2 !== 0) last++;
  if (last >= end - 1) return bytes.subarray(start, end);
  return readUnits(bytes, start, last);
}

/** Writes the code units of `value`; the caller has made room and writes NUL and filling itself. */
export function writeUnits(target: Uint8Array, offset: number, value: string): void {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    target[offset + 2 * i] = unit & 0xff;
    target[offset + 2 * i + 1] = unit >>> 8;
  }
}

/** What to show of a text field: up to its first NUL; bytes that are no text as far as they can be read. */
export function displayText(value: string | Uint8Array): string {
  const whole = typeof value === 'string' ? value : readUnits(value, 0, value.length & ~1);
  const nul = whole.indexOf('\0');
  return nul < 0 ? whole : whole.slice(0, nul);
}
