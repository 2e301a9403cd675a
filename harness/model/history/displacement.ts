import { countUpTo } from './ascending';

/** When a client asked last, at the earliest and the latest; and whether it was still held where that has shown since. */
export interface Ranged {
  from: number;
  to: number;
  held: boolean | null;
}

/** Older than every client that asked. */
const OLDEST = -1;

/**
 * Those of whom a full cache held the newest `held` at the moment when it grew: who they were, only later answers tell.
 *
 * In a full cache every request is answered with its capacity, whoever asks: nothing is learned of the order. Each client's last request
 * lies between the latest start and the latest end of its requests, whatever those of the others do; so the held ones are those behind
 * some moment T, and a set of answers is possible exactly where a T can be found with which each client that was seen to be held can
 * have asked behind T, each that was seen to be gone before T, and as many as the cache had places in all.
 */
export class Displacement {
  constructor(
    private readonly members: Map<string, Ranged>,
    /** Records of a host that was found with them, older than all others; any client that never asked may be one. */
    private strangers: number,
    private held: number,
  ) {}

  clone(): Displacement {
    const members = new Map<string, Ranged>();
    for (const [name, member] of this.members) members.set(name, { ...member });
    return new Displacement(members, this.strangers, this.held);
  }

  /** Everyone was held: nothing is open. */
  get #isWhole(): boolean {
    return this.members.size + this.strangers === this.held;
  }

  /** Whether it is one of those of whom some were held. */
  knows(clientMachineId: string): boolean {
    return this.members.has(clientMachineId);
  }

  /** Whether the client may have been held, or may have been gone. */
  allows(clientMachineId: string, isHeld: boolean): boolean {
    const member = this.members.get(clientMachineId);
    if (this.#isWhole) return member === undefined ? !isHeld || this.strangers > 0 : isHeld;
    if (member === undefined) return isHeld ? this.strangers > 0 && this.#isPossible(1) : true;
    if (member.held !== null) return member.held === isHeld;
    member.held = isHeld;
    const isPossible = this.#isPossible(0);
    member.held = null;
    return isPossible;
  }

  /** An answer has shown it; `allows` must have said so. @returns whether the client has turned out to be a stranger */
  note(clientMachineId: string, isHeld: boolean): boolean {
    const member = this.members.get(clientMachineId);
    if (this.#isWhole && isHeld) {
      // Whoever asks is accounted for elsewhere from now on.
      if (member === undefined) this.strangers--;
      else this.members.delete(clientMachineId);
      this.held--;
      return member === undefined;
    }
    if (member !== undefined) member.held = isHeld;
    else if (isHeld) {
      this.strangers--;
      this.members.set(clientMachineId, { from: OLDEST, to: OLDEST, held: true });
    }
    return member === undefined && isHeld;
  }

  /** The client was no stranger after all: its record is another's. */
  giveBack(clientMachineId: string): void {
    if (!this.members.delete(clientMachineId)) this.held++;
    this.strangers++;
  }

  /** The record of a stranger has expired. @returns false where there can be none */
  expireStranger(): boolean {
    if (this.strangers === 0 || !(this.#isWhole || this.#isPossible(1))) return false;
    this.strangers--;
    this.held--;
    return true;
  }

  /** A copy of who may have been held, to be put together with others. */
  ranges(): readonly (readonly [string, Ranged])[] {
    return [...this.members]
      .filter(([, { held }]) => held !== false)
      .map(([name, { from, to }]) => [name, { from, to, held: null }]);
  }

  get strangersLeft(): number {
    return this.strangers;
  }

  /** Those who have not asked since, of whom so many are still held now: what was learned of the others is let go. */
  without(asked: ReadonlyMap<string, unknown>, held: number): Displacement {
    const left = [...this.members].filter(([name, member]) => !asked.has(name) && member.held !== false);
    return new Displacement(
      new Map(left.map(([name, member]) => [name, { ...member }])),
      this.strangers,
      held,
    );
  }

  describe(): string {
    const members = [...this.members].map(([name, { from, to, held }]) => `${name} ${from} ${to} ${held}`);
    return `${this.held}/${this.strangers}: ${members.sort().join()}`;
  }

  /** @param heldStrangers so many of the strangers are held for certain */
  #isPossible(heldStrangers: number): boolean {
    const free: Ranged[] = [];
    let [latest, earliest, surely] = [Infinity, -Infinity, 0];
    for (const member of this.members.values()) {
      if (member.held === true) {
        latest = Math.min(latest, member.to);
        surely++;
      } else if (member.held === false) earliest = Math.max(earliest, member.from);
      else free.push(member);
    }
    if (heldStrangers > 0) {
      latest = Math.min(latest, OLDEST);
      surely += heldStrangers;
    }
    if (earliest > latest) return false;
    const strangers = this.strangers - heldStrangers;
    const froms = Float64Array.from(free, ({ from }) => from).sort();
    const tos = Float64Array.from(free, ({ to }) => to).sort();
    const moments = [earliest, latest, OLDEST, ...froms, ...tos];
    return moments.some((moment) => {
      if (moment < earliest || moment > latest) return false;
      const atLeast = surely + free.length - countUpTo(froms, moment);
      const behind = free.length - countBelow(tos, moment);
      const atMost = surely + behind + (moment <= OLDEST ? strangers : 0);
      return atLeast + (moment < OLDEST ? strangers : 0) <= this.held && this.held <= atMost;
    });
  }
}

/** Numbers are whole: what is below `limit` is at most one less. */
const countBelow = (ascending: Float64Array, limit: number): number => countUpTo(ascending, limit - 1);
