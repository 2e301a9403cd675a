/** What a file's bytes are text in; `mixed` where PowerShell has put UTF-16 behind something else, or the other way round. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'mixed';

const LOOKED_AT = 4096;

/**
 * Tells the encoding by the mark at the beginning, or where there is none by what stands there: PowerShell redirects in UTF-16, `cmd` without
 * a mark, old programs in the code page of their country.
 * @returns null where it is no text
 */
export function encodingOf(beginning: Uint8Array): TextEncoding | null {
  if (isMixed(beginning)) return 'mixed';
  const [first, second] = beginning;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const { even, odd, pairs } = zerosIn(beginning.subarray(0, LOOKED_AT));
  if (even === 0 && odd === 0) return isUtf8(beginning) ? 'utf-8' : 'windows-1252';
  // Events are in Latin letters for the most part: every other byte is zero.
  if (odd > pairs / 3 && even <= pairs / 50) return 'utf-16le';
  if (even > pairs / 3 && odd <= pairs / 50) return 'utf-16be';
  // Some programs end their records with one, Graylog's senders among them.
  return even + odd <= pairs / 20 && isUtf8(beginning) ? 'utf-8' : null;
}

/** Stretches of text that no other encoding has beside each other: of single bytes, and of every other byte. */
const SINGLE = /[\t\r\n -~]{80}/;
const EVERY_OTHER = /(?:[\t\r\n -~]\0){40}/;

function isMixed(beginning: Uint8Array): boolean {
  if (!beginning.includes(0)) return false;
  const text = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.length).toString('latin1');
  return EVERY_OTHER.test(text) && SINGLE.test(text);
}

/** Bytes of `mixed` text as single ones: without the zeros, and the marks where one begins. */
export const singleBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((byte) => byte !== 0 && byte < 0xfe);

function zerosIn(bytes: Uint8Array): { even: number; odd: number; pairs: number } {
  let [even, odd] = [0, 0];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  return { even, odd, pairs: bytes.length >> 1 };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // Streaming, as the beginning may end within a character.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
