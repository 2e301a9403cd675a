import { displacedFrom } from './asked';
import { AskedClients } from './asked-clients';
import { Displacement } from './displacement';
import type { Operation } from './operation';
import { Places } from './places';

/** Records beyond so many that are surely displaced are let go. */
const KEPT_DISPLACED = 256;

/** How a request can be answered with the count as it stands. `grows`: the cache is full, and the request makes it grow. */
export type Stay = 'yes' | 'no' | 'grows';

/**
 * What a host of known history may hold, without an order of the requests that need none: see `Displacement`. It is told of requests one
 * by one, as the host takes them; those between which the count and the capacity stay as they are may be told in any order.
 */
export class UnorderedCache {
  #asked = new AskedClients();
  #displacement: Displacement | null = null;
  #phase = 0;
  #places = Places.exactly(0);
  #offsetMs = 0;
  /** Whether some requests came to a cache before or after it grew is not known: who is displaced later is not either. */
  #isBlurred = false;
  #isSettled = false;
  #isUnknown = false;
  /** Requests without an answer that the host may have come to, or may still come to, or never. */
  #lost: readonly Operation[] = [];

  private constructor(public count: number) {}

  static empty(): UnorderedCache {
    return new UnorderedCache(0);
  }

  /** A host that was found with so many records. */
  static found(count: number): UnorderedCache {
    const cache = new UnorderedCache(count);
    cache.#displacement = new Displacement(new Map(), count, count);
    cache.#places = Places.atLeast(count);
    return cache;
  }

  /** A host that is full, and will be: nothing makes more places. @param oldestMs no record is older, ms of its clock */
  static full(count: number, oldestMs: number): UnorderedCache {
    const cache = new UnorderedCache(count);
    cache.#asked.noneIsOlder(oldestMs);
    cache.#places = Places.exactly(count);
    cache.#isSettled = true;
    return cache;
  }

  clone(): UnorderedCache {
    const copy = new UnorderedCache(this.count);
    copy.#asked = this.#asked.clone();
    copy.#displacement = this.#displacement?.clone() ?? null;
    copy.#phase = this.#phase;
    copy.#places = this.#places;
    copy.#offsetMs = this.#offsetMs;
    copy.#isBlurred = this.#isBlurred;
    copy.#isSettled = this.#isSettled;
    copy.#isUnknown = this.#isUnknown;
    copy.#lost = this.#lost;
    return copy;
  }

  /** Full for good, as far as is known: every request is answered with the count, and nothing else has to be kept. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** More would have to be kept apart than is: nothing can be said of this host any more. */
  get isUnknown(): boolean {
    return this.#isUnknown;
  }

  get phase(): number {
    return this.#phase;
  }

  /** @param mostPlaces no request makes more places than these */
  settle(mostPlaces: number): void {
    if (this.#isSettled || !this.#isFull(mostPlaces)) return;
    this.#isSettled = true;
    this.#asked.forgetNames();
    this.#displacement = null;
  }

  /** Whether this request, at this moment, is answered with the count as it stands; it changes nothing. */
  stays({ isCounted, clientMachineId, places }: Operation): Stay {
    if (this.#isSettled || !isCounted || this.#isFull(places)) return 'yes';
    const isHeld = this.#asked.has(clientMachineId) && this.#asked.size <= this.count;
    if (this.#isFull(0)) {
      return isHeld || this.#mayBeHeld(clientMachineId) ? 'grows' : 'no';
    }
    if (isHeld || (this.#displacement?.allows(clientMachineId, true) ?? false)) return 'yes';
    // A cache of which nobody knows how large it is: the answer says that it is full.
    return this.#places.mayBeTaken(this.count, places) ? 'yes' : 'no';
  }

  /** The request is answered with the count as it stands; `stays` must have said so. @returns whether its client was a stranger */
  stay(operation: Operation): boolean {
    if (this.#isSettled || !operation.isCounted) return false;
    let isStranger = false;
    const { clientMachineId, places } = operation;
    if (!this.#isFull(places)) {
      if (this.#isFull(0)) this.#leaveFull(true);
      if (!this.#asked.has(clientMachineId)) {
        if (this.#displacement?.allows(clientMachineId, true) ?? false) {
          isStranger = this.#displacement!.note(clientMachineId, true);
        } else this.#places = Places.exactly(this.count);
      }
      this.#places = this.#places.grown(places);
    }
    this.#renew(operation);
    return isStranger;
  }

  /** A request that was taken for a stranger's is another's, and is still to come; each of its client that was taken is under way. */
  unstay({ clientMachineId }: Operation): void {
    this.#displacement?.giveBack(clientMachineId);
    this.#asked.forget(clientMachineId);
  }

  /** Whether this request can raise the count by one. */
  rises({ isCounted, clientMachineId, places }: Operation): boolean {
    if (this.#isSettled || !isCounted) return false;
    if (!this.#places.mayHaveRoom(this.count, places)) return false;
    if (this.#asked.has(clientMachineId) && this.#asked.size <= this.count && this.#lost.length === 0)
      return false;
    if (this.#isFull(0)) return !this.#surelyHeldWhenFull(clientMachineId);
    if (this.#asked.has(clientMachineId)) return false;
    return this.#displacement?.allows(clientMachineId, false) ?? true;
  }

  /** The request raises the count by one; `rises` must have said so. @returns false where it turns out that it cannot */
  rise(operation: Operation): boolean {
    const { clientMachineId, places } = operation;
    if (this.#isFull(0)) {
      this.#leaveFull(false);
      if (this.#asked.has(clientMachineId)) return false;
      if (this.#displacement?.allows(clientMachineId, false) === false) return false;
    }
    this.#displacement?.note(clientMachineId, false);
    this.count++;
    this.#places = this.#places.grown(places).holding(this.count);
    this.#phase++;
    this.#renew(operation);
    this.#phase++;
    return true;
  }

  /** Whether this request fills the cache, of which it is known how large it is, and all that is answered alike may come behind it. */
  fills({ places, clientMachineId }: Operation): boolean {
    const isOpen = this.#displacement?.knows(clientMachineId) ?? false;
    return (
      !isOpen && !this.#isSettled && this.#lost.length === 0 && this.#places.areOneShort(this.count, places)
    );
  }

  /** The cache was filled by this request or by another that is answered alike; `rises` and `fills` must have said so of each of them. */
  fill(operation: Operation): void {
    this.#places = this.#places.grown(operation.places);
    this.count++;
    this.#phase++;
    this.#renew(operation);
  }

  /** The answer to a request has come: what it did, it has done. @param phase in which the host took it */
  close({ clientMachineId, isCounted }: Operation, phase: number, moment: number, nowMs: number): void {
    if (isCounted) this.#asked.close(clientMachineId, phase, moment, nowMs);
  }

  /** A request was sent that gets no answer. */
  lose(operation: Operation): void {
    if (operation.isCounted) this.#lost = [...this.#lost, operation];
  }

  /** It is known, as far as this cache goes, that the host has come to it. */
  unlose(operation: Operation): void {
    this.#lost = this.#lost.filter((each) => each !== operation);
  }

  reset(): void {
    this.count = 0;
    this.#asked = new AskedClients();
    this.#displacement = null;
    this.#places = Places.exactly(0);
    this.#isBlurred = this.#isSettled = this.#isUnknown = false;
    this.#phase++;
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
  }

  /** A record of which nothing is known has expired. @returns false where there is none */
  expireStranger(): boolean {
    if (this.#isSettled || this.#displacement === null || !this.#displacement.expireStranger()) return false;
    this.count--;
    this.#phase++;
    return true;
  }

  /** Whether any record may be gone by this time. */
  mayHaveExpired(byMs: number): boolean {
    return this.#asked.mayHaveExpired(byMs + this.#offsetMs);
  }

  /**
   * Drops what has expired by a request that the host takes between these times.
   * @returns false where nobody can tell what has
   */
  dropExpired(fromMs: number, toMs: number): boolean {
    const [from, to] = [fromMs + this.#offsetMs, toMs + this.#offsetMs];
    if (!this.mayHaveExpired(toMs)) return true;
    if (this.#isSettled) return false;
    const isOpen = this.#displacement !== null;
    const young = this.#asked.young(from, to);
    if (young === null) return false;
    if (young.length === this.#asked.size && !isOpen) {
      this.#asked.findOldest();
      return true;
    }
    // Whoever of the others is left has asked before all who asked since: only where these have expired too it is gone for certain.
    if (this.#lost.length > 0 || (isOpen && young.length > 0)) return false;
    this.#displacement = null;
    this.#asked.keepOnly(young);
    this.count = Math.min(this.count, young.length);
    this.#phase++;
    return true;
  }

  /** Two of the same text are answered alike from now on. */
  describe(): string {
    if (this.#isSettled) return `settled ${this.count} ${this.#offsetMs} ${this.#asked.describe()}`;
    const places = `${this.#places.describe()}${this.#isBlurred ? '?' : ''} ${this.#offsetMs}`;
    return `${this.count} ${places} ${this.#asked.describe()} ${this.#displacement?.describe() ?? ''}`;
  }

  /** Whether it is known to be full, and a request that makes so many places leaves it so. */
  #isFull(places: number): boolean {
    return this.#places.areTaken(this.count, places);
  }

  /** Whether a client may be among the newest of a full cache, as it stands. */
  #mayBeHeld(clientMachineId: string): boolean {
    return this.#displacedNow()?.allows(clientMachineId, true) ?? this.#asked.has(clientMachineId);
  }

  #surelyHeldWhenFull(clientMachineId: string): boolean {
    const now = this.#displacedNow();
    return now === null ? this.#asked.has(clientMachineId) : !now.allows(clientMachineId, false);
  }

  #displacedNow(): Displacement | null {
    return displacedFrom(this.#asked.all, this.#displacement, this.#lost, this.count);
  }

  /** The full cache is going to grow. @param isWithin while other requests are answered with the same count, before and after */
  #leaveFull(isWithin: boolean): void {
    if (this.#isBlurred) this.#isUnknown = true;
    const isOpen = isWithin && this.#asked.isOpen;
    const displacement = this.#displacedNow();
    this.#displacement = displacement;
    if (this.#asked.size > this.count || this.#lost.length > 0) this.#asked.forgetNames();
    this.#phase++;
    if (isOpen) this.#isBlurred = true;
  }

  #renew(operation: Operation): void {
    const isMoved = this.#asked.renew(operation, this.#phase, this.#offsetMs);
    if (isMoved && this.#asked.size > 2 * this.count + KEPT_DISPLACED) this.forgetDisplaced();
  }

  /** Lets go of those that surely are displaced: so many have surely asked after them as there are places. */
  forgetDisplaced(): void {
    if (this.#asked.size <= this.count) return;
    this.#asked.forgetDisplaced(this.count);
    if (this.#displacement === null) this.#asked.findOldest();
  }
}
