/** A range of a stream or datagram. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Puts what is new of `start..end` among `pieces`, which are in order and do not overlap: the first copy of a byte stands.
 * @param take makes the piece for a part that is new
 * @param overlap is told of each part that was there already
 */
export function insertNew<T extends Range>(
  pieces: T[],
  start: number,
  end: number,
  take: (from: number, to: number) => T,
  overlap?: (piece: T, from: number, to: number) => void,
): void {
  let at = start;
  let index = firstEndingAfter(pieces, start);
  while (at < end) {
    const piece = pieces[index];
    if (piece === undefined || piece.start >= end) {
      pieces.splice(index, 0, take(at, end));
      return;
    }
    if (at < piece.start) pieces.splice(index++, 0, take(at, piece.start));
    const from = Math.max(at, piece.start);
    at = Math.min(end, piece.end);
    overlap?.(piece, from, at);
    index++;
  }
}

function firstEndingAfter(pieces: readonly Range[], start: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}
