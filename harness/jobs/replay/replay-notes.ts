/** Notes that a report has; a target that negotiates otherwise does so on each connection. */
const MOST_NOTES = 200;

/** What there is to say of a replay, each once, and of the rest how much it is. */
export class ReplayNotes {
  readonly #kept = new Set<string>();
  #more = 0;

  add(...notes: readonly string[]): void {
    for (const note of notes) {
      if (this.#kept.size < MOST_NOTES) this.#kept.add(note);
      else if (!this.#kept.has(note)) this.#more++;
    }
  }

  get list(): string[] {
    return [...this.#kept, ...(this.#more === 0 ? [] : [`and ${this.#more} more notes such as these`])];
  }
}
