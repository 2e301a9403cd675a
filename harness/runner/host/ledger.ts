import { APPLICATIONS } from '../../../protocol';
import { type CountedRequest, CountingModel } from '../../model/counting-model';
import type { Profile } from '../../model/profile';

/** More worlds than this are not kept apart; what was known is then forgotten. */
const MAX_WORLDS = 64;
/** A capacity that no request is going to fill. */
const HUGE = 1_000_000;

/** Far beyond what any host counts (twice an N_Policy): a larger number is made up, and no record stands for it. */
const MAX_FOUND = 10_000;

/**
 * What is known of a host's count: one counting model for each state that the host may be in. A request of which is not
 * known whether it was granted splits the worlds, an answer leaves those that agree with it. No worlds: nothing is known.
 */
export class Ledger {
  #worlds: CountingModel[] = [];

  /** @param nowMs the host's clock, ms since 1970 */
  constructor(
    private readonly profile: Profile,
    private readonly nowMs: () => number,
  ) {}

  get known(): boolean {
    return this.#worlds.length > 0;
  }

  /** The host holds nothing. */
  reset(): void {
    this.#worlds = [new CountingModel(this.profile)];
  }

  forget(): void {
    this.#worlds = [];
  }

  /** The counts that a conforming host may answer to this request; undefined where nothing is known. */
  expected(request: CountedRequest): ReadonlySet<number> | undefined {
    if (!this.known) return undefined;
    return new Set(this.#worlds.map((world) => copyOf(world).grant(request, this.nowMs())));
  }

  /** The counts that a conforming host may hold now. */
  counts(applicationId: string): ReadonlySet<number> | undefined {
    if (!this.known) return undefined;
    return new Set(this.#worlds.map((world) => world.count(applicationId, this.nowMs())));
  }

  /** The host granted this and answered `count`. Where no world agrees, what it found is taken as it is. */
  granted(request: CountedRequest, count: number): void {
    const agreeing = this.#worlds.filter((world) => world.grant(request, this.nowMs()) === count);
    this.#worlds = agreeing.length > 0 ? agreeing : this.#found(request, count);
  }

  /** The host granted this, and its answer is not known or not to be believed. */
  grantedUnseen(request: CountedRequest): void {
    for (const world of this.#worlds) world.grant(request, this.nowMs());
  }

  /** The host may have granted this, or not. */
  maybe(request: CountedRequest): void {
    const granted = this.#worlds.map(copyOf);
    for (const world of granted) world.grant(request, this.nowMs());
    this.#worlds = distinct([...this.#worlds, ...granted]);
    if (this.#worlds.length > MAX_WORLDS) this.forget();
  }

  /** The worlds of a host that was found with this count, none where no host counts so many: the others are older than this one, the capacity may be more. */
  #found(request: CountedRequest, count: number): CountingModel[] {
    if (count > MAX_FOUND) return [];
    const capacities = new Set([Math.max(count, 2 * request.requiredClientCount), HUGE]);
    return [...capacities].map((capacity) => {
      const world = new CountingModel(this.profile);
      const state = world.state(request.applicationId);
      state.capacity = capacity;
      for (let i = 1; i < count; i++) state.records.set(`found ${i}`, this.nowMs());
      if (count > 0) state.records.set(request.clientMachineId, this.nowMs());
      return world;
    });
  }
}

/** A state of its own: what happens to the copy does not happen to the original. */
function copyOf(model: CountingModel): CountingModel {
  const copy = new CountingModel(model.profile);
  for (const application of Object.values(APPLICATIONS)) {
    const from = model.state(application);
    const to = copy.state(application);
    to.capacity = from.capacity;
    for (const [clientMachineId, lastRequest] of from.records) to.records.set(clientMachineId, lastRequest);
  }
  return copy;
}

function distinct(worlds: readonly CountingModel[]): CountingModel[] {
  return [...new Map(worlds.map((world) => [contents(world), world])).values()];
}

/** What a world holds, as text: two of the same text answer alike until records expire. */
function contents(world: CountingModel): string {
  return Object.values(APPLICATIONS)
    .map((application) => world.state(application))
    .map(({ capacity, records }) => `${capacity}:${[...records.keys()].join()}`)
    .join(';');
}
