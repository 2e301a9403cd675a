/** Something in a capture that keeps a part of it from being read. */
export interface CaptureWarning {
  /** Of the record in the file where it showed, in bytes; in the unpacked content where the file is gzipped. */
  readonly offset: number;
  readonly message: string;
}

/** A hostile file may cause as many warnings as it has packets: the log keeps this many. */
const MAX_WARNINGS = 200;
const MAX_TOPICS = 4096;

/** Warnings in the order of their coming. The list is live: it grows while a capture is read. */
export class WarningLog {
  readonly list: CaptureWarning[] = [];
  readonly #once = new Set<string>();
  #dropped = 0;

  /** What more there is to say is counted, and not worth its words. */
  get isFull(): boolean {
    return this.list.length >= MAX_WARNINGS;
  }

  add(offset: number, message: string): void {
    if (this.isFull) this.addMore(offset);
    else this.list.push({ offset, message });
  }

  /** Adds a warning only the first time that `topic` comes up. */
  addOnce(topic: string, offset: number, message: string): void {
    if (this.#once.has(topic)) return;
    if (this.#once.size < MAX_TOPICS) this.#once.add(topic);
    this.add(offset, message);
  }

  /** A warning beyond those that are kept. */
  addMore(offset: number): void {
    this.#dropped += 1;
    this.list[MAX_WARNINGS] = { offset, message: `${this.#dropped} more warnings from here on` };
  }
}
