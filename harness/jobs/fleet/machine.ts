import { filetimeFromUnixMs, type KmsRequestInput, type Product, product } from '../../../protocol';
import type { Profile } from '../../model/profile';
import type { Random } from '../../support/random';
import type { MachineType } from '../../model/machine-type';
import { ClientRules, type ClientState, DAY_MS, type Licence } from '../../model/client-state';
import { buildRequest } from '../../model/machine-request';
import { DRAW, type Draws } from './draws';
import type { FleetGroup } from './plan';

/** The times of a machine, and where each stands in its row. */
const TIME = { askAt: 0, endsAt: 1, awayFrom: 2, awayUntil: 3, firstAsked: 4, activated: 5 } as const;
type TimeName = keyof typeof TIME;
/** Numbers of a row: 64 bytes, what the processor fetches at once. */
const ROW = 8;

/**
 * Times of all machines of a fleet, ms since 1970, in rows of one array: as fields of objects every change would leave a number behind
 * for the collector, millions of them in half a year of a hundred thousand machines. In a column each, a request would fetch six places
 * of the memory instead of one.
 */
export class MachineTimes {
  readonly #rows: Float64Array;

  constructor(machines: number) {
    this.#rows = new Float64Array(machines * ROW).fill(Infinity);
  }

  /** Infinity where that has not come. */
  get(machine: number, name: TimeName): number {
    return this.#rows[machine * ROW + TIME[name]]!;
  }

  set(machine: number, name: TimeName, timeMs: number): void {
    this.#rows[machine * ROW + TIME[name]] = timeMs;
  }
}

/** One machine of a running fleet: its client's state, when it asks next, and what became of it. */
export class FleetMachine {
  clientMachineId: string;
  previousClientMachineId: string | null = null;
  licence: Licence = 'unlicensed';
  /** The host that answered last, which it asks first; -1 where it has to look in DNS. */
  hostIndex = -1;
  /** Times that it looked in DNS. */
  discoveries = 0;
  /** Switched off for good. */
  gone = false;
  requests = 0;
  /** Attempts that found no host. */
  unanswered = 0;
  /** Times that it ended in notification. */
  lapses = 0;
  incidents = 0;
  #absences = 0;

  constructor(
    readonly index: number,
    /** From 1, within its group. */
    readonly ordinal: number,
    readonly group: GroupPlan,
    readonly arrivesMs: number,
    clientMachineId: string,
    isLaptop: boolean,
    private readonly times: MachineTimes,
  ) {
    this.clientMachineId = clientMachineId;
    if (isLaptop) times.set(index, 'awayUntil', arrivesMs);
  }

  get state(): ClientState {
    return { licence: this.licence, endsAtMs: this.times.get(this.index, 'endsAt') };
  }

  set state({ licence, endsAtMs }: ClientState) {
    this.licence = licence;
    this.times.set(this.index, 'endsAt', endsAtMs);
  }

  /** When it asks next; an ask event of another time is out of date. Infinity before it is started. */
  get askAtMs(): number {
    return this.times.get(this.index, 'askAt');
  }

  set askAtMs(timeMs: number) {
    this.times.set(this.index, 'askAt', timeMs);
  }

  get firstAskedMs(): number | null {
    return finite(this.times.get(this.index, 'firstAsked'));
  }

  get activatedMs(): number | null {
    return finite(this.times.get(this.index, 'activated'));
  }

  /** Notes an attempt, of which the first is kept. */
  noteAsked(nowMs: number): void {
    if (this.firstAskedMs === null) this.times.set(this.index, 'firstAsked', nowMs);
  }

  /** Notes an activation, of which the first is kept. */
  noteActivated(nowMs: number): void {
    if (this.activatedMs === null) this.times.set(this.index, 'activated', nowMs);
  }

  get type(): MachineType {
    return this.group.type;
  }

  get name(): string {
    return `${this.group.plan.name} ${this.ordinal}`;
  }

  /** Until when the machine is away from the network, or null where it is there. To be asked with times that do not fall. */
  awayUntil(nowMs: number, draws: Draws): number | null {
    const { away } = this.group.plan;
    const { index, times } = this;
    while (away !== undefined && times.get(index, 'awayUntil') <= nowMs) {
      const n = this.#absences++;
      const present = draws.exponential(index, DRAW.present, n, away.presentDays * DAY_MS);
      const leaves = times.get(index, 'awayUntil') + present;
      times.set(index, 'awayFrom', leaves);
      const absent = draws.exponential(index, DRAW.away, n, away.awayDays * DAY_MS);
      times.set(index, 'awayUntil', leaves + absent);
    }
    const awayUntil = times.get(index, 'awayUntil');
    return nowMs >= times.get(index, 'awayFrom') && nowMs < awayUntil ? awayUntil : null;
  }

  /** What the machine sends at `nowMs`. */
  request(nowMs: number): KmsRequestInput {
    return buildRequest(
      {
        product: this.group.product,
        virtual: this.group.type.virtual,
        clientMachineId: this.clientMachineId,
        previousClientMachineId: this.previousClientMachineId,
        name: this.name.replaceAll(' ', '-'),
        licence: this.licence,
        expiresInMs: Math.max(0, this.times.get(this.index, 'endsAt') - nowMs),
      },
      filetimeFromUnixMs(nowMs),
    );
  }
}

const finite = (timeMs: number): number | null => (timeMs === Infinity ? null : timeMs);

/** A group with what follows from its product. */
export interface GroupPlan {
  readonly plan: FleetGroup;
  readonly product: Product;
  readonly type: MachineType;
  readonly rules: ClientRules;
}

/** Makes all machines of a fleet, in the order of the groups. */
export function makeMachines(
  groups: readonly FleetGroup[],
  profile: Profile,
  startMs: number,
  random: Random,
  draws: Draws,
): FleetMachine[] {
  const machines: FleetMachine[] = [];
  const times = new MachineTimes(groups.reduce((sum, { count }) => sum + count, 0));
  for (const plan of groups) {
    const made = product(plan.product);
    const group: GroupPlan = {
      plan,
      product: made,
      type: { word: plan.name, product: plan.product, virtual: plan.virtual ?? false },
      rules: new ClientRules(made.requiredClientCount, profile),
    };
    let first: string | null = null;
    for (let i = 0; i < plan.count; i++) {
      const index = machines.length;
      const own = random.guid();
      first ??= own;
      const cloned = plan.cloned !== undefined && draws.fraction(index, DRAW.clone, 0) < plan.cloned;
      const laptop = plan.away !== undefined && draws.fraction(index, DRAW.laptop, 0) < plan.away.share;
      const arrives = startMs + arrivalMs(plan, i, draws.fraction(index, DRAW.arrival, 0));
      machines.push(new FleetMachine(index, i + 1, group, arrives, cloned ? first : own, laptop, times));
    }
  }
  return machines;
}

/** When the i-th machine of a group comes, ms from the start. */
function arrivalMs({ arrivals, count }: FleetGroup, i: number, drawn: number): number {
  if (arrivals === undefined) return 0;
  const share = arrivals.spacing === 'even' ? (count < 2 ? 0 : i / (count - 1)) : drawn;
  return Math.round(((arrivals.fromHour ?? 0) + share * arrivals.overHours) * 3_600_000);
}
