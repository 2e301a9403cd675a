import { CLIENT_THRESHOLD, product, SERVER_THRESHOLD } from '../../../protocol';
import type { Random } from '../../support/random';
import type { Selector } from './notation';
import type { MachineType } from '../../model/machine-type';

/** A machine of a stream. It changes as the stream goes on: re-imaging gives it another CMID. */
export interface StreamMachine {
  readonly type: MachineType;
  /** From 1, among the machines of the same word. */
  readonly ordinal: number;
  clientMachineId: string;
  /** CMID_prev: null as long as it never changed. */
  previousClientMachineId: string | null;
  /** ClientTime of its last request, ms since 1970, for a duplicate to repeat; null before the first. */
  askedAtMs: number | null;
  /** Whether the last count it received reached its N_Policy. */
  licensed: boolean;
}

/** What the machine is called in tables and as its workstation name, such as `server 3`. */
export const machineName = ({ type, ordinal }: StreamMachine): string => `${type.word} ${ordinal}`;

/** A place in the order of requests: a ring of links, so that every step costs the same whatever the number of machines. */
interface Entry {
  readonly machine: StreamMachine;
  readonly group: Group;
  /** Number of the machine's last request. */
  asked: number;
  older: Entry | null;
  newer: Entry | null;
  /** Place in the group's list for picks at random. */
  place: number;
}

/** Machines of one product, physical or virtual. */
interface Group {
  readonly type: MachineType;
  readonly all: Entry[];
  oldest: Entry | null;
  newest: Entry | null;
}

/**
 * The machines that have asked, by when they asked last. It remembers at most `capacity` of them: beyond that the one that has been
 * silent longest is forgotten, so that an endless stream runs in flat memory.
 */
export class MachinePool {
  readonly #groups = new Map<string, Group>();
  readonly #ordinals = new Map<string, number>();
  #requests = 0;
  #size = 0;
  #forgotten = 0;

  constructor(
    private readonly random: Random,
    private readonly capacity: number,
  ) {}

  get size(): number {
    return this.#size;
  }

  /** Machines that had to go so that others could be remembered. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** A machine that has not asked before; it has a CMID of its own unless it is a clone. */
  add(type: MachineType, clientMachineId = this.random.guid()): StreamMachine {
    const ordinal = (this.#ordinals.get(type.word) ?? 0) + 1;
    this.#ordinals.set(type.word, ordinal);
    const machine: StreamMachine = {
      type,
      ordinal,
      clientMachineId,
      previousClientMachineId: null,
      askedAtMs: null,
      licensed: false,
    };
    if (this.#size >= this.capacity) this.#forget(this.#extreme(ANY, 'oldest')!);
    const group = this.#group(type);
    const entry: Entry = { machine, group, asked: 0, older: null, newer: null, place: group.all.length };
    group.all.push(entry);
    this.#size++;
    this.#append(entry);
    return machine;
  }

  /** The machine that a selector means, which becomes the one that asked last; undefined where none of that kind has asked. */
  ask(selector: Selector): StreamMachine | undefined {
    const entry =
      selector.pick === 'random' ? this.#atRandom(selector.of) : this.#extreme(selector.of, selector.pick);
    if (entry === undefined) return undefined;
    this.#unlink(entry);
    this.#append(entry);
    return entry.machine;
  }

  /** Gives a machine another CMID, which names the one before. */
  reimage(machine: StreamMachine): void {
    machine.previousClientMachineId = machine.clientMachineId;
    machine.clientMachineId = this.random.guid();
  }

  /** How many machines a selector can mean. */
  count(of: Selector['of']): number {
    let count = 0;
    for (const group of this.#groups.values()) if (matches(group.type, of)) count += group.all.length;
    return count;
  }

  #group(type: MachineType): Group {
    const key = `${type.product}${type.virtual ? '/virtual' : ''}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { type, all: [], oldest: null, newest: null };
      this.#groups.set(key, group);
    }
    return group;
  }

  #extreme(of: Selector['of'], pick: 'oldest' | 'newest' | 'all'): Entry | undefined {
    let found: Entry | undefined;
    for (const group of this.#groups.values()) {
      const candidate = pick === 'newest' ? group.newest : group.oldest;
      if (candidate === null || !matches(group.type, of)) continue;
      const better =
        found === undefined ||
        (pick === 'newest' ? candidate.asked > found.asked : candidate.asked < found.asked);
      if (better) found = candidate;
    }
    return found;
  }

  #atRandom(of: Selector['of']): Entry | undefined {
    const count = this.count(of);
    if (count === 0) return undefined;
    let place = this.random.int(0, count - 1);
    for (const { type, all } of this.#groups.values()) {
      if (!matches(type, of)) continue;
      if (place < all.length) return all[place];
      place -= all.length;
    }
    return undefined;
  }

  #append(entry: Entry): void {
    const { group } = entry;
    entry.asked = ++this.#requests;
    entry.older = group.newest;
    entry.newer = null;
    if (group.newest !== null) group.newest.newer = entry;
    group.newest = entry;
    group.oldest ??= entry;
  }

  #unlink(entry: Entry): void {
    const { group, older, newer } = entry;
    if (older !== null) older.newer = newer;
    else group.oldest = newer;
    if (newer !== null) newer.older = older;
    else group.newest = older;
  }

  #forget(entry: Entry): void {
    this.#unlink(entry);
    const { all } = entry.group;
    const last = all.pop()!;
    if (last !== entry) {
      all[entry.place] = last;
      last.place = entry.place;
    }
    this.#size--;
    this.#forgotten++;
  }
}

const ANY = 'any';

function matches(type: MachineType, of: Selector['of']): boolean {
  switch (of) {
    case 'any':
      return true;
    case 'client':
      return product(type.product).requiredClientCount === CLIENT_THRESHOLD;
    case 'server':
      return product(type.product).requiredClientCount === SERVER_THRESHOLD && type.product !== 'office2010';
    case 'virtual':
      return type.virtual;
    default:
      return type.product === of;
  }
}
