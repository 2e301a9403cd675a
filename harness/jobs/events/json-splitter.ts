/** Objects beyond this are no events; a file that opens one and never closes it would fill the memory. */
const LONGEST_VALUE = 64 * 1024 * 1024;

/** Beyond these it is none of an event's either, and would take gigabytes to hold: levels, keys of one object, and objects and lists in all. */
const MOST = { depth: 200, keys: 20_000, containers: 2_000_000 } as const;

const TOO_MUCH = 'an object larger than any event';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c];

/**
 * Cuts a stream of JSON into the objects that stand on their own: one a line, the items of an array around them all, or one that is the whole
 * file. What stands between objects is skipped. Each character is looked at once.
 */
export class JsonSplitter {
  #pieces: string[] = [];
  #length = 0;
  /** Braces and brackets that are open since the object began. */
  #depth = 0;
  /** Of each of these, how many keys it may still have; a list has none. */
  readonly #keysLeft: number[] = [];
  #containers = 0;
  #inString = false;
  #escaped = false;

  /** @param take called with the text of each object, and with what is wrong with it where it is no whole one */
  constructor(private readonly take: (text: string, damage: string | null) => void) {}

  push(text: string): void {
    let start = this.#depth > 0 ? 0 : -1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.#inString) this.#withinString(code);
      else if (code === QUOTE) this.#inString = this.#depth > 0;
      else if (code === OPEN_OBJECT || (code === OPEN_LIST && this.#depth > 0)) {
        if (this.#depth === 0) start = i;
        if (!this.#open(code)) start = this.#hand(text.slice(start, i + 1), TOO_MUCH);
      } else if (code === COMMA && this.#depth > 0) {
        if (--this.#keysLeft[this.#depth - 1]! < 0) start = this.#hand(text.slice(start, i + 1), TOO_MUCH);
      } else if ((code === CLOSE_OBJECT || code === CLOSE_LIST) && this.#depth > 0 && --this.#depth === 0)
        start = this.#hand(text.slice(start, i + 1), null);
    }
    if (this.#depth > 0) this.#hold(text.slice(start));
  }

  end(): void {
    if (this.#depth > 0) this.#hand('', 'the file ends within an object');
  }

  /** @returns false where that is more than is read */
  #open(code: number): boolean {
    this.#keysLeft[this.#depth++] = code === OPEN_OBJECT ? MOST.keys : Infinity;
    return this.#depth <= MOST.depth && ++this.#containers <= MOST.containers;
  }

  #withinString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE) this.#inString = false;
  }

  #hold(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length > LONGEST_VALUE) this.#hand('', TOO_MUCH);
  }

  /** Hands on what is held and the rest of it. @returns where the next object starts: nowhere yet */
  #hand(rest: string, damage: string | null): -1 {
    const text = this.#pieces.join('') + rest;
    this.#pieces = [];
    this.#length = this.#depth = this.#containers = 0;
    this.#inString = this.#escaped = false;
    this.take(text, damage);
    return -1;
  }
}
