/** What is written to, such as a socket. */
export interface Outlet {
  writeNow(bytes: Uint8Array): void;
}

/**
 * Bytes on their way to several sockets. Where several connections of a host have asked, or several of a client are to ask again, what all
 * that was read in one turn of the event loop gave is written together at its end: the first wakes the other side up, which has the
 * rest to do when it comes to look. Where there is one connection alone, what goes to it is written at once.
 */
export class Outbox {
  #outlets: Outlet[] = [];
  #bytes: Uint8Array[] = [];
  /** Who was written to last. */
  #last: Outlet | null = null;
  #isGathering = false;
  readonly #turnEnds = (): void => {
    if (this.#outlets.length === 1) this.#isGathering = false;
    this.flush();
  };

  /** @param atTurnEnd calls it when all that was read in this turn has been looked at */
  constructor(private readonly atTurnEnd: (run: () => void) => void = setImmediate) {}

  write(outlet: Outlet, bytes: Uint8Array): void {
    if (!this.#isGathering && (this.#last === null || this.#last === outlet)) {
      this.#last = outlet;
      outlet.writeNow(bytes);
      return;
    }
    this.#isGathering = true;
    this.#last = outlet;
    this.#outlets.push(outlet);
    this.#bytes.push(bytes);
    if (this.#outlets.length === 1) this.atTurnEnd(this.#turnEnds);
  }

  /** Writes what waits, in order; before a connection ends. */
  flush(): void {
    if (this.#outlets.length === 0) return;
    const outlets = this.#outlets;
    const bytes = this.#bytes;
    this.#outlets = [];
    this.#bytes = [];
    for (let i = 0; i < outlets.length; i++) outlets[i]!.writeNow(bytes[i]!);
  }
}
