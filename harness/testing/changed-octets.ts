/** What an octet of a text turns into beside its neighbours: signs that forms are made of, a digit, the end of a line, and no text. */
const OF_TEXT = [...Buffer.from('\0\n "0\\}'), 0xff];
/** What an octet of a binary form turns into beside one bit of it: the ends of what a number may be. */
const OF_OCTETS = [0x00, 0xff];

/** A document that differs from a good one, in the same memory each time: it is to be read before the next is asked for. */
export interface Changed {
  readonly bytes: Buffer;
  /** For messages: where, and what stands there now. */
  readonly where: string;
}

/** Every beginning of a document, from nothing to all but its last octet. */
export function* cut(whole: Buffer): Generator<Changed> {
  for (let size = 0; size < whole.length; size++)
    yield { bytes: whole.subarray(0, size), where: `the first ${size} octets` };
}

/** A text with each octet changed in a bit of its letter, of its case, and into signs of the forms that texts have. */
export const changedText = (whole: Buffer): Generator<Changed> =>
  changed(whole, (octet) => [octet ^ 0x01, octet ^ 0x20, ...OF_TEXT]);

/** Binary data with each octet changed in its lowest bit, and into the least and the greatest. */
export const changedOctets = (whole: Buffer): Generator<Changed> =>
  changed(whole, (octet) => [octet ^ 0x01, ...OF_OCTETS]);

function* changed(whole: Buffer, into: (octet: number) => readonly number[]): Generator<Changed> {
  const bytes = Buffer.from(whole);
  for (let at = 0; at < bytes.length; at++) {
    const good = bytes[at]!;
    for (const octet of new Set(into(good))) {
      if (octet === good) continue;
      bytes[at] = octet;
      yield { bytes, where: `octet ${at}, 0x${good.toString(16)}, as 0x${octet.toString(16)}` };
    }
    bytes[at] = good;
  }
}
