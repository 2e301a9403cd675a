import { insertNew, type Range } from './pieces';

/** How much the joining of IP fragments may hold: an attacker's fragments never complete. */
const MAX_DATAGRAMS = 64;
const MAX_SECONDS = 30;
const MAX_DATAGRAM = 65_535;
const MAX_WHOLE = 256;

interface Piece extends Range {
  readonly bytes: Buffer;
}

interface Partial {
  readonly pieces: Piece[];
  /** Length of the datagram's payload, once its last fragment came. */
  total: number;
  firstSeen: number;
}

/** What became of a fragment. */
export type FragmentOutcome = Buffer | 'held' | 'bad';

/** Joins IP fragments (RFC 791, 3.2; RFC 8200, 4.5). Where they overlap, the first copy stands. */
export class FragmentJoiner {
  /** In the order of their first fragments: the oldest goes first. */
  readonly #partial = new Map<string, Partial>();
  /** Lengths of the last ones that were whole: a fragment may come again behind them. */
  readonly #whole = new Map<string, number>();
  /** Datagrams given up because they did not complete. */
  givenUp = 0;

  /** Datagrams that wait for more fragments. */
  get waiting(): number {
    let count = 0;
    for (const [key, partial] of this.#partial) if (!this.#isRepeated(key, partial)) count++;
    return count;
  }

  #isRepeated(key: string, { pieces }: Partial): boolean {
    const length = this.#whole.get(key);
    return length !== undefined && pieces.every(({ end }) => end <= length);
  }

  /**
   * Takes one fragment and returns the whole payload once it is there.
   * @param key addresses, protocol and identification
   * @param start offset of the fragment in the payload
   * @param more whether further fragments follow
   * @param seconds of the capture's clock
   */
  add(key: string, start: number, more: boolean, bytes: Buffer, seconds: number): FragmentOutcome {
    if (start + bytes.length > MAX_DATAGRAM || (more && bytes.length % 8 !== 0)) return 'bad';
    this.#expire(seconds);
    let partial = this.#partial.get(key);
    if (partial === undefined) {
      partial = { pieces: [], total: -1, firstSeen: seconds };
      this.#partial.set(key, partial);
    }
    if (!more) partial.total = start + bytes.length;
    // Copies: a view would keep the whole block of the file alive.
    const piece = (from: number, to: number): Piece => ({
      start: from,
      end: to,
      bytes: Buffer.from(bytes.subarray(from - start, to - start)),
    });
    insertNew(partial.pieces, start, start + bytes.length, piece);
    const whole = join(partial);
    if (whole === null) return 'held';
    this.#partial.delete(key);
    this.#keepLength(key, whole.length);
    return whole;
  }

  #keepLength(key: string, length: number): void {
    this.#whole.delete(key);
    this.#whole.set(key, length);
    if (this.#whole.size > MAX_WHOLE) this.#whole.delete(this.#whole.keys().next().value!);
  }

  #expire(now: number): void {
    for (const [key, partial] of this.#partial) {
      const tooOld = now - partial.firstSeen > MAX_SECONDS;
      if (!tooOld && this.#partial.size < MAX_DATAGRAMS) return;
      this.#partial.delete(key);
      if (!this.#isRepeated(key, partial)) this.givenUp += 1;
    }
  }
}

function join({ pieces, total }: Partial): Buffer | null {
  if (total < 0) return null;
  let at = 0;
  for (const piece of pieces) {
    if (piece.start !== at) return null;
    at += piece.bytes.length;
  }
  return at < total ? null : Buffer.concat(pieces.map((piece) => piece.bytes)).subarray(0, total);
}
