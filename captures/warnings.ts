/** Something in a capture that keeps a part of it from being read. */
export interface CaptureWarning {
  /** Of the record in the file where it showed, in bytes; in the unpacked content where the file is gzipped. */
  readonly offset: number;
  readonly message: string;
}

/** A hostile file may cause as many warnings as it has packets: the log keeps this many. */
const MAX_WARNINGS = 200;

/** Warnings in the order of their coming. The list is live: it grows while a capture is read. */
export class WarningLog {
  readonly list: CaptureWarning[] = [];
  readonly #once = new Set<string>();
  #dropped = 0;

  add(offset: number, message: string): void {
    if (this.list.length < MAX_WARNINGS) this.list.push({ offset, message });
    else this.#noteDropped(offset);
  }

  /** Adds a warning only the first time that `topic` comes up. */
  addOnce(topic: string, offset: number, message: string): void {
    if (this.#once.has(topic)) return;
    this.#once.add(topic);
    this.add(offset, message);
  }

  #noteDropped(offset: number): void {
    this.#dropped += 1;
    this.list[MAX_WARNINGS] = { offset, message: `${this.#dropped} more warnings from here on` };
  }
}
