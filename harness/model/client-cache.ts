/** A record lives this long after its client's last request (understanding-kms 2.3). */
export const RECORD_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** What bears on the cache of one application: see `CountedRequest`. */
export interface CacheRequest {
  readonly clientMachineId: string;
  /** N_Policy. */
  readonly requiredClientCount: number;
}

/** Requests that a host took one after the other in an order that nobody knows; usually one alone. */
interface Batch {
  /** Ms since 1970. */
  readonly atMs: number;
  /** How many records are of this batch. */
  members: number;
}

/** `perhaps`: the host may have displaced this record, or another of the same batch. */
export type Held = 'yes' | 'perhaps' | 'no';

/**
 * What a host remembers of one application's clients: the CMIDs in the order of their last requests, of which the host holds the newest.
 *
 * A cache of fixed capacity that displaces its oldest record holds the clients that asked last, as many as it has places, whether each
 * of them was known or new when it asked: any request makes its client the newest, and what is displaced is the oldest. A capacity that
 * grows changes nothing of what is held. So the order of last requests and the number of records say all; and where requests overlapped,
 * the order is one of batches, and the host holds the newest `size` of it. Only of the oldest batch may some be held and some not.
 */
export class ClientCache {
  /** From the oldest to the newest: a Map keeps the order of insertion, and the members of a batch stand side by side. */
  readonly #records = new Map<string, Batch>();
  /** So many of the oldest batch are no longer held, and nobody knows which. Fewer than the batch has members. */
  #displaced = 0;
  #capacity = 0;

  /** Records that the host holds: the Count that it answers. */
  get size(): number {
    return this.#records.size - this.#displaced;
  }

  /** How many records the cache may hold: twice the largest N_Policy; never shrinks. */
  get capacity(): number {
    return this.#capacity;
  }

  /** False where it is not known of every record whether the host holds it. */
  get isCertain(): boolean {
    return this.#displaced === 0;
  }

  /** When each record was renewed last, from the oldest to the newest, ms since 1970. */
  *requestTimes(): Generator<number> {
    for (const { atMs } of this.#records.values()) yield atMs;
  }

  holds(clientMachineId: string): Held {
    const batch = this.#records.get(clientMachineId);
    if (batch === undefined) return 'no';
    return this.#displaced > 0 && batch === this.#oldest() ? 'perhaps' : 'yes';
  }

  /** CMIDs from the newest to the oldest, batch by batch: in which order the host took those of one batch is not known. */
  newestFirst(): string[][] {
    const batches: string[][] = [];
    let last: Batch | undefined;
    for (const [clientMachineId, batch] of this.#records) {
      if (batch !== last) batches.push([]);
      batches.at(-1)!.push(clientMachineId);
      last = batch;
    }
    return batches.reverse();
  }

  /** Drops records whose last request is more than 30 days before `nowMs`: the oldest ones, batch by batch. */
  dropExpired(nowMs: number): void {
    for (const [clientMachineId, { atMs }] of this.#records) {
      if (nowMs - atMs <= RECORD_LIFETIME_MS) return;
      this.#records.delete(clientMachineId);
      this.#displaced = 0;
    }
  }

  /** The counts that may be answered to a request, asked alone: two where it depends on whether the host still holds the client. */
  answersTo({ clientMachineId, requiredClientCount }: CacheRequest): readonly number[] {
    const { size } = this;
    const held = this.holds(clientMachineId);
    const isFull = size >= Math.max(this.#capacity, placesFor(requiredClientCount));
    if (held === 'yes' || isFull) return [size];
    return held === 'no' ? [size + 1] : [size, size + 1];
  }

  /**
   * Takes one granted request that counts.
   * @returns the count to answer. A client that is `perhaps` held, in a cache that is not full, is taken for one that is: see `take`
   */
  grant({ clientMachineId, requiredClientCount }: CacheRequest, nowMs: number): number {
    this.dropExpired(nowMs);
    this.grow(requiredClientCount);
    const known = this.#records.get(clientMachineId);
    const size = known === undefined ? Math.min(this.size + 1, this.#capacity) : this.size;
    this.#renew(clientMachineId, known, { atMs: nowMs, members: 1 });
    this.#displaceDownTo(size);
    return size;
  }

  /**
   * Takes requests of an unknown order, at the end of which the host holds `size` records; that they can have been answered so is for the
   * caller to know.
   */
  take(requests: readonly CacheRequest[], nowMs: number, size: number): void {
    const batch: Batch = { atMs: nowMs, members: 0 };
    for (const { clientMachineId, requiredClientCount } of requests) {
      this.grow(requiredClientCount);
      const known = this.#records.get(clientMachineId);
      if (known === batch) continue;
      batch.members++;
      this.#renew(clientMachineId, known, batch);
    }
    this.#displaceDownTo(size);
  }

  grow(requiredClientCount: number): void {
    this.#capacity = Math.max(this.#capacity, placesFor(requiredClientCount));
  }

  clone(): ClientCache {
    const copy = new ClientCache();
    const batches = new Map<Batch, Batch>();
    for (const [clientMachineId, batch] of this.#records) {
      let own = batches.get(batch);
      if (own === undefined) batches.set(batch, (own = { ...batch }));
      copy.#records.set(clientMachineId, own);
    }
    copy.#displaced = this.#displaced;
    copy.#capacity = this.#capacity;
    return copy;
  }

  /** What it holds, as text: caches of the same text answer alike until records expire. */
  describe(): string {
    const batches = this.newestFirst().map((batch) => batch.sort().join('='));
    return `${this.#capacity}-${this.#displaced}:${batches.join()}`;
  }

  #renew(clientMachineId: string, known: Batch | undefined, batch: Batch): void {
    if (known !== undefined) {
      this.#records.delete(clientMachineId);
      known.members--;
    }
    this.#records.set(clientMachineId, batch);
  }

  /** A batch of which none is held any more is forgotten. */
  #displaceDownTo(size: number): void {
    this.#displaced = this.#records.size - size;
    while (this.#displaced > 0 && this.#oldest()!.members <= this.#displaced) {
      const batch = this.#oldest()!;
      this.#displaced -= batch.members;
      for (const [clientMachineId, of] of this.#records) {
        if (of !== batch) break;
        this.#records.delete(clientMachineId);
      }
    }
  }

  #oldest(): Batch | undefined {
    return this.#records.values().next().value;
  }
}

/** How many records a host has places for that was asked with this N_Policy (understanding-kms 2.2). */
export const placesFor = (requiredClientCount: number): number => 2 * Math.max(requiredClientCount, 1);
