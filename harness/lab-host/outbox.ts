/** What answers are written to. */
export interface Outlet {
  writeNow(bytes: Uint8Array): void;
}

/**
 * Answers on their way to the sockets of one host. Where several connections have asked, the answers to all that was read in one turn of
 * the event loop are written together at its end: the first wakes the other side up, which has the rest to do when it comes to look. Where
 * one connection asks, each of its answers is written at once.
 */
export class Outbox {
  #outlets: Outlet[] = [];
  #answers: Uint8Array[] = [];
  /** Who was written to last. */
  #last: Outlet | null = null;
  #isGathering = false;
  readonly #turnEnds = (): void => {
    if (this.#outlets.length === 1) this.#isGathering = false;
    this.flush();
  };

  /** @param atTurnEnd calls it when what was read in this turn is answered */
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
    this.#answers.push(bytes);
    if (this.#outlets.length === 1) this.atTurnEnd(this.#turnEnds);
  }

  /** Writes what waits, in order; before a connection ends. */
  flush(): void {
    if (this.#outlets.length === 0) return;
    const outlets = this.#outlets;
    const answers = this.#answers;
    this.#outlets = [];
    this.#answers = [];
    for (let i = 0; i < outlets.length; i++) outlets[i]!.writeNow(answers[i]!);
  }
}
