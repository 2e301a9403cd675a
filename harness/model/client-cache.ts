import { OrderedRecords } from './ordered-records';

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
  /** From the oldest to the newest; the members of a batch stand side by side. */
  #records = new OrderedRecords<Batch>();
  /** How many records are of a batch, where these are several. */
  #members = new Map<Batch, number>();
  /** Records of clients that nobody knows, older than all others, and when they were made. */
  #strangers = { count: 0, atMs: 0 };
  /** So many of the oldest batch are no longer held, and nobody knows which. Fewer than the batch has members. */
  #displaced = 0;
  #capacity = 0;

  /** That of a host which was found with records of clients that nobody knows: none of them is ever asked for by its CMID. */
  static found(strangers: number, nowMs: number): ClientCache {
    const cache = new ClientCache();
    cache.#strangers = { count: strangers, atMs: nowMs };
    return cache;
  }

  /** Records that the host holds: the Count that it answers. */
  get size(): number {
    return this.#strangers.count + this.#records.size - this.#displaced;
  }

  /** How many records the cache may hold: twice the largest N_Policy; never shrinks. */
  get capacity(): number {
    return this.#capacity;
  }

  /** False where it is not known of every record whether the host holds it. */
  get isCertain(): boolean {
    return this.#displaced === 0;
  }

  /** When records were renewed last, from the oldest to the newest, ms since 1970. */
  *requestTimes(): Generator<number> {
    if (this.#strangers.count > 0) yield this.#strangers.atMs;
    for (const [, { atMs }] of this.#records) yield atMs;
  }

  holds(clientMachineId: string): Held {
    const batch = this.#records.get(clientMachineId);
    if (batch === undefined) return 'no';
    return this.#displaced > 0 && batch === this.#records.first() ? 'perhaps' : 'yes';
  }

  /** CMIDs that are known, from the newest to the oldest, batch by batch: in which order the host took those of one batch is not known. */
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
    const isExpired = ({ atMs }: Batch): boolean => nowMs - atMs > RECORD_LIFETIME_MS;
    if (this.#strangers.count > 0) {
      if (!isExpired(this.#strangers)) return;
      this.#strangers = { count: 0, atMs: 0 };
    }
    for (let batch = this.#records.first(); batch !== undefined; batch = this.#records.first()) {
      if (!isExpired(batch)) return;
      this.#drop(batch);
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
    this.#renew(clientMachineId, known, { atMs: nowMs });
    this.#displaceDownTo(size);
    return size;
  }

  /**
   * Takes requests of an unknown order, at the end of which the host holds `size` records; that they can have been answered so is for the
   * caller to know.
   */
  take(requests: readonly CacheRequest[], nowMs: number, size: number): void {
    const batch: Batch = { atMs: nowMs };
    let members = 0;
    for (const { clientMachineId, requiredClientCount } of requests) {
      this.grow(requiredClientCount);
      const known = this.#records.get(clientMachineId);
      if (known === batch) continue;
      members++;
      this.#renew(clientMachineId, known, batch);
    }
    if (members > 1) this.#members.set(batch, members);
    this.#displaceDownTo(size);
  }

  grow(requiredClientCount: number): void {
    this.#capacity = Math.max(this.#capacity, placesFor(requiredClientCount));
  }

  clone(): ClientCache {
    const copy = new ClientCache();
    copy.#records = this.#records.clone();
    copy.#members = new Map(this.#members);
    copy.#strangers = this.#strangers;
    copy.#displaced = this.#displaced;
    copy.#capacity = this.#capacity;
    return copy;
  }

  /** What it holds, as text: caches of the same text answer alike until records expire. */
  describe(): string {
    const batches = this.newestFirst().map((batch) => batch.sort().join('='));
    return `${this.outline()}:${batches.join()}`;
  }

  /** Caches whose outlines differ are not the same; it costs little. */
  outline(): string {
    return `${this.#capacity}-${this.#displaced}-${this.#strangers.count}-${this.#records.size}`;
  }

  #renew(clientMachineId: string, known: Batch | undefined, batch: Batch): void {
    if (known !== undefined) this.#setMembers(known, this.#membersOf(known) - 1);
    this.#records.put(clientMachineId, batch);
  }

  /** Strangers are the oldest: which of them are left makes no difference. A batch of which none is held any more is forgotten. */
  #displaceDownTo(size: number): void {
    const displaced = this.#strangers.count + this.#records.size - size;
    const strangers = Math.min(displaced, this.#strangers.count);
    if (strangers > 0) this.#strangers = { ...this.#strangers, count: this.#strangers.count - strangers };
    this.#displaced = displaced - strangers;
    while (this.#displaced > 0) {
      const batch = this.#records.first()!;
      const members = this.#membersOf(batch);
      if (members > this.#displaced) return;
      this.#displaced -= members;
      this.#drop(batch);
    }
  }

  /** The oldest batch. */
  #drop(batch: Batch): void {
    for (const [clientMachineId, of] of this.#records) {
      if (of !== batch) break;
      this.#records.delete(clientMachineId);
    }
    this.#members.delete(batch);
  }

  #membersOf(batch: Batch): number {
    return this.#members.get(batch) ?? 1;
  }

  #setMembers(batch: Batch, members: number): void {
    if (members > 1) this.#members.set(batch, members);
    else this.#members.delete(batch);
  }
}

/** How many records a host has places for that was asked with this N_Policy (understanding-kms 2.2). */
export const placesFor = (requiredClientCount: number): number => 2 * Math.max(requiredClientCount, 1);
