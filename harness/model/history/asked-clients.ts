import { type Asked, mayHaveExpired, youngOf } from './asked';
import { lastMoment, type Operation, PHASE_LENGTH } from './operation';

/** The clients that a host was asked by, each with when it did so last, as far as they can still be among its records. */
export class AskedClients {
  #clients = new Map<string, Asked>();
  /** No record is older than this, ms of the host's clock. */
  #oldestMs = Infinity;

  clone(): AskedClients {
    const copy = new AskedClients();
    for (const [name, asked] of this.#clients) copy.#clients.set(name, { ...asked });
    copy.#oldestMs = this.#oldestMs;
    return copy;
  }

  /** By the client machine id. */
  get all(): ReadonlyMap<string, Asked> {
    return this.#clients;
  }

  get size(): number {
    return this.#clients.size;
  }

  has(clientMachineId: string): boolean {
    return this.#clients.has(clientMachineId);
  }

  /** Whether some request of a client is still without an answer. */
  get isOpen(): boolean {
    return [...this.#clients.values()].some(({ open }) => open > 0);
  }

  forget(clientMachineId: string): void {
    this.#clients.delete(clientMachineId);
  }

  /** Records of clients that nobody knows are no older than this, ms of the host's clock. */
  noneIsOlder(oldestMs: number): void {
    this.#oldestMs = Math.min(this.#oldestMs, oldestMs);
  }

  /** Nobody is told apart any more; how old a record can be stays known. */
  forgetNames(): void {
    this.#clients = new Map();
  }

  /**
   * A request is taken in this phase.
   * @param offsetMs how far the host's clock is ahead of ours
   * @returns whether its client's place in the order is another now
   */
  renew({ clientMachineId, id, startMs }: Operation, phase: number, offsetMs: number): boolean {
    const atMs = startMs + offsetMs;
    const known = this.#clients.get(clientMachineId);
    const from = phase * PHASE_LENGTH + id;
    const to = lastMoment(phase);
    this.#oldestMs = Math.min(this.#oldestMs, atMs);
    if (known?.phase === phase) {
      known.from = Math.max(known.from, from);
      known.to = Math.max(known.to, to);
      known.open++;
      known.startMs = Math.max(known.startMs, atMs);
      known.offsetMs = offsetMs;
      return false;
    }
    const asked = { phase, from, to, held: null, open: 1, startMs: atMs, endMs: atMs, offsetMs };
    this.#clients.set(clientMachineId, asked);
    return true;
  }

  /** The answer to a request that was taken in this phase has come: it was taken no later, and before the host's clock was set since. */
  close(clientMachineId: string, phase: number, moment: number, nowMs: number): void {
    const asked = this.#clients.get(clientMachineId);
    if (asked === undefined || asked.phase !== phase) return;
    asked.open--;
    asked.endMs = Math.max(asked.endMs, nowMs + asked.offsetMs);
    if (asked.open === 0) asked.to = Math.min(asked.to, phase * PHASE_LENGTH + moment);
  }

  /** Whether any record may be gone by then. */
  mayHaveExpired(toMs: number): boolean {
    return mayHaveExpired(this.#oldestMs, toMs);
  }

  /** Those whose records are surely there still, between two times of the host's clock; null where that cannot be said of each. */
  young(fromMs: number, toMs: number): (readonly [string, Asked])[] | null {
    return youngOf(this.#clients, fromMs, toMs);
  }

  /** Lets go of all others. */
  keepOnly(clients: Iterable<readonly [string, Asked]>): void {
    this.#clients = new Map(clients);
    this.findOldest();
  }

  /** Lets go of those that surely are displaced: so many have surely asked after them as there are places. */
  forgetDisplaced(places: number): void {
    const froms = Float64Array.from(this.#clients.values(), ({ from }) => from).sort();
    const limit = froms[froms.length - places] ?? -Infinity;
    for (const [name, { to }] of this.#clients) if (to < limit) this.#clients.delete(name);
  }

  /** Only these clients have records: none is older than theirs. */
  findOldest(): void {
    this.#oldestMs = Infinity;
    for (const { startMs } of this.#clients.values()) this.#oldestMs = Math.min(this.#oldestMs, startMs);
  }

  /** Two of the same text are alike. */
  describe(): string {
    const asked = [...this.#clients].map(
      ([name, { phase, from, to, startMs }]) => `${name} ${phase} ${from} ${to} ${startMs}`,
    );
    return `${this.#oldestMs} ${asked.sort().join()}`;
  }
}
