/** Objects beyond this are no events; a file that opens one and never closes it would fill the memory. */
const LONGEST_VALUE = 64 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Cuts a stream of JSON into the objects that stand on their own: one a line, the items of an array around them all, or one that is the whole
 * file. What stands between objects is skipped. Each character is looked at once.
 */
export class JsonSplitter {
  #pieces: string[] = [];
  #length = 0;
  /** Braces and brackets that are open since the object began. */
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** @param take called with the text of each object, `whole` being false where the file ended within it */
  constructor(private readonly take: (text: string, whole: boolean) => void) {}

  push(text: string): void {
    let start = this.#depth > 0 ? 0 : -1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.#inString) this.#withinString(code);
      else if (code === QUOTE) this.#inString = this.#depth > 0;
      else if (code === 0x7b || (code === 0x5b && this.#depth > 0)) {
        if (this.#depth++ === 0) start = i;
      } else if ((code === 0x7d || code === 0x5d) && this.#depth > 0 && --this.#depth === 0) {
        this.take(this.#pieces.join('') + text.slice(start, i + 1), true);
        this.#pieces = [];
        this.#length = 0;
        start = -1;
      }
    }
    if (this.#depth > 0) this.#hold(text.slice(start));
  }

  end(): void {
    if (this.#depth > 0) this.take(this.#pieces.join(''), false);
    this.#reset();
  }

  #withinString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === BACKSLASH) this.#escaped = true;
    else if (code === QUOTE) this.#inString = false;
  }

  #hold(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length <= LONGEST_VALUE) return;
    this.take(this.#pieces.join(''), false);
    this.#reset();
  }

  #reset(): void {
    this.#pieces = [];
    this.#length = 0;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
  }
}
