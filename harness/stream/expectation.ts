import { product } from '../../protocol';
import { CountingModel, RECORD_LIFETIME_MS } from '../model/counting-model';
import type { Profile } from '../model/profile';
import type { MachineType } from './notation';

/** A record this close to its 30 days may be seen either way: the host's clock and ours are not the same. */
const EXPIRY_TOLERANCE_MS = 5_000;

/** What of a machine bears on the count. */
export interface CountedMachine {
  readonly type: MachineType;
  readonly clientMachineId: string;
}

/** What the counting model says of one granted request, and what of its state made it so. */
export interface Expectation {
  readonly count: number;
  /** Places of the cache, before and after. */
  readonly capacityBefore: number;
  readonly capacity: number;
  /** Records left when the expired ones had gone. */
  readonly held: number;
  readonly expired: number;
  /** The CMID still had a record. */
  readonly known: boolean;
  /** False for a virtual machine where the profile counts physical ones only. */
  readonly counted: boolean;
  /** Some record is so close to its 30 days that either count is right. */
  readonly onTheEdge: boolean;
}

/** The counting model beside a stream: told every request that was granted, at the time when it was. */
export class StreamModel {
  readonly #model: CountingModel;
  #checkEdge = false;

  constructor(readonly profile: Profile) {
    this.#model = new CountingModel(profile);
  }

  /** What the host must answer to a granted request at `nowMs` (ms since 1970), which the model then has counted. */
  grant({ type, clientMachineId }: CountedMachine, nowMs: number): Expectation {
    const { applicationId, requiredClientCount } = product(type.product);
    const state = this.#model.state(applicationId);
    const { capacity: capacityBefore, records } = state;
    const onTheEdge = this.#checkEdge && isOnTheEdge(records, nowMs);
    const before = records.size;
    const held = this.#model.count(applicationId, nowMs);
    const known = records.has(clientMachineId);
    const count = this.#model.grant(
      { applicationId, clientMachineId, requiredClientCount, isVirtualMachine: type.virtual },
      nowMs,
    );
    return {
      count,
      capacityBefore,
      capacity: state.capacity,
      held,
      expired: before - held,
      known,
      counted: this.profile.countsVirtualMachines || !type.virtual,
      onTheEdge,
    };
  }

  /** To be told when time was set forward: from then on records can be near their end. */
  timeMoved(): void {
    this.#checkEdge = true;
  }

  /** Places of the host for the machine's application. */
  capacity({ type }: CountedMachine): number {
    return this.#model.state(product(type.product).applicationId).capacity;
  }

  reset(): void {
    this.#model.reset();
  }

  restart(): void {
    if (!this.profile.countSurvivesRestart) this.#model.reset();
  }
}

/** Records stand in order of time: those near their end are in front, behind the ones that are past it. */
function isOnTheEdge(records: ReadonlyMap<string, number>, nowMs: number): boolean {
  for (const askedMs of records.values()) {
    const left = askedMs + RECORD_LIFETIME_MS - nowMs;
    if (left > EXPIRY_TOLERANCE_MS) return false;
    if (left > -EXPIRY_TOLERANCE_MS) return true;
  }
  return false;
}
