import { StreamError } from './stream-error';

/** Walks over a notation one token at a time and knows where it stands. Words are read in lower case. */
export class Reader {
  #offset = 0;

  constructor(readonly text: string) {}

  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.text.length;
  }

  /** The next character, or the empty string at the end. */
  peek(): string {
    return this.text.slice(this.#offset, this.#offset + 1);
  }

  /** @returns where it stands then */
  skipSpace(): number {
    this.match(/\s+/y);
    return this.#offset;
  }

  /** Steps over `character` if it is next. */
  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#offset++;
    return true;
  }

  /** Letters, digits and dashes, as product keys have them; empty where none stand here. */
  word(): string {
    return this.match(/[A-Za-z0-9][A-Za-z0-9-]*/y).toLowerCase();
  }

  /** All up to `character`, which is not consumed, or to the end. */
  until(character: string): string {
    const end = this.text.indexOf(character, this.#offset);
    const start = this.#offset;
    this.#offset = end < 0 ? this.text.length : end;
    return this.text.slice(start, this.#offset);
  }

  /** @param pattern sticky */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.#offset += found.length;
    return found;
  }

  /** What was found, for a message: the word that was read, or what stands here where there was none. */
  quoted(word: string): string {
    if (word !== '') return `"${word.length > 40 ? `${word.slice(0, 40)}…` : word}"`;
    return this.atEnd ? 'the end' : `"${this.peek()}"`;
  }

  expect(character: string, problem: string): void {
    if (!this.take(character)) this.fail(problem);
  }

  fail(problem: string, at = this.#offset): never {
    throw new StreamError(this.text, at, problem);
  }
}
