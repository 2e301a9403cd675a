import { COMPARED } from './compare-fields';
import { type EventTable, NO_MINUTE } from './event-table';
import type { Machine } from './machines';
import { pairNearest } from './nearest';
import type { SeenRequest } from './requests';

/** What is compared with what, by number. */
export interface Sides {
  readonly seen: readonly SeenRequest[];
  readonly events: EventTable;
  /** Minutes by which the log is ahead of UTC, for each request. */
  readonly offsets: Int16Array;
}

/** One that differs in nothing but its time is looked for as far away as hosts take a client's clock to be wrong; any other within an hour. */
const SAME_BUT_TIME_MINUTES = 4 * 60;
const SAME_PRODUCT_MINUTES = 60;

const ALL = COMPARED.map(({ field }) => field);
const HRESULT = ALL.indexOf('hresult');

/**
 * Assigns events to requests, each at most once: the equal ones first, then what is alike in all but one field, in machine, product and minute,
 * then by closeness in time. Each step goes through requests and events once, or sorts them.
 * @returns for each request the number of its event, or -1
 */
export function assignEvents(sides: Sides, machines: readonly Machine[]): Int32Array {
  const pairs = new Pairs(sides);
  for (const machine of machines) {
    if (machine.events.length > 0) ofMachine(sides, machine, pairs);
  }
  ofOtherMachines(sides, pairs);
  return pairs.eventOf;
}

/** What is paired so far. */
class Pairs {
  readonly eventOf: Int32Array;
  readonly #isTaken: Uint8Array;

  constructor({ seen, events }: Sides) {
    this.eventOf = new Int32Array(seen.length).fill(-1);
    this.#isTaken = new Uint8Array(events.length);
  }

  join(request: number, event: number): void {
    this.eventOf[request] = event;
    this.#isTaken[event] = 1;
  }

  readonly isOpen = (request: number): boolean => this.eventOf[request] === -1;
  readonly isFree = (event: number): boolean => this.#isTaken[event] === 0;
}

/** Requests and events among which pairs are looked for. */
type Assigned = Pick<Machine, 'requests' | 'events'>;

function ofMachine(sides: Sides, machine: Assigned, pairs: Pairs): void {
  const steps: (() => void)[] = [
    () => pairEqual(sides, machine, pairs, keysOf(ALL, true)),
    ...ALL.map((field) => () => pairEqual(sides, machine, pairs, keysOf(without(field), true))),
    () => pairEqual(sides, machine, pairs, keysOf(['skuId'], true)),
    () => pairClosest(sides, machine, pairs, keysOf(ALL, false), SAME_BUT_TIME_MINUTES),
    () => pairClosest(sides, machine, pairs, keysOf(['skuId'], false), SAME_PRODUCT_MINUTES),
    () => pairEqual(sides, untimed(sides, machine), pairs, keysOf(ALL, false)),
  ];
  for (const step of steps) {
    if (!machine.requests.some(pairs.isOpen)) return;
    step();
  }
}

/** Events whose time could not be read: all else tells. */
function untimed({ events }: Sides, machine: Assigned): Assigned {
  return { ...machine, events: machine.events.filter((event) => events.minute.at(event) === NO_MINUTE) };
}

const without = (field: string): string[] => ALL.filter((other) => other !== field);

/** What has to be equal, as text. A request of which no answer was seen has no HRESULT: any fits. */
interface Keys {
  readonly request: (sides: Sides, request: number) => string;
  readonly event: (sides: Sides, event: number) => string;
  /** The same without the HRESULT; null where that is not compared anyway. */
  readonly eventWithoutHresult: ((sides: Sides, event: number) => string) | null;
}

function keysOf(fields: readonly string[], withMinute: boolean): Keys {
  const compared = COMPARED.filter(({ field }) => fields.includes(field));
  const hresult = compared.indexOf(COMPARED[HRESULT]!);
  const logged = ({ events }: Sides, event: number, left: number): string => {
    let key = withMinute ? `${events.minute.at(event)}` : '';
    for (let i = 0; i < compared.length; i++)
      key += i === left ? '|' : `|${compared[i]!.logged(events, event)}`;
    return key;
  };
  return {
    request({ seen, offsets }, request) {
      const one = seen[request]!;
      let key = withMinute ? `${one.minute + offsets[request]!}` : '';
      for (const { seen: value } of compared) key += `|${value(one)}`;
      return key;
    },
    event: (sides, event) => logged(sides, event, -1),
    eventWithoutHresult: hresult < 0 ? null : (sides, event) => logged(sides, event, hresult),
  };
}

/** Open requests by their keys, each list in order. */
function openByKey(
  sides: Sides,
  requests: readonly number[],
  pairs: Pairs,
  keys: Keys,
): Map<string, number[]> {
  const byKey = new Map<string, number[]>();
  // From the end, so that the first is taken by pop.
  for (let i = requests.length - 1; i >= 0; i--) {
    const request = requests[i]!;
    if (!pairs.isOpen(request)) continue;
    const key = keys.request(sides, request);
    const others = byKey.get(key);
    if (others === undefined) byKey.set(key, [request]);
    else others.push(request);
  }
  return byKey;
}

function pairEqual(sides: Sides, { requests, events }: Assigned, pairs: Pairs, keys: Keys): void {
  const open = openByKey(sides, requests, pairs, keys);
  for (const event of events) {
    if (!pairs.isFree(event)) continue;
    const request = takeEqual(sides, open, event, keys);
    if (request !== undefined) pairs.join(request, event);
  }
}

/** A request whose answer is known goes first: those without take what is left. */
function takeEqual(sides: Sides, open: Map<string, number[]>, event: number, keys: Keys): number | undefined {
  const known = open.get(keys.event(sides, event))?.pop();
  if (known !== undefined || keys.eventWithoutHresult === null) return known;
  return open.get(keys.eventWithoutHresult(sides, event))?.pop();
}

function pairClosest(
  sides: Sides,
  { requests, events }: Assigned,
  pairs: Pairs,
  keys: Keys,
  most: number,
): void {
  const open = openByKey(sides, requests, pairs, keys);
  const groups = new Map<string, number[]>();
  const isTimed = (event: number): boolean => sides.events.minute.at(event) !== NO_MINUTE;
  for (const event of events) {
    if (!pairs.isFree(event) || !isTimed(event)) continue;
    const candidates = [keys.event(sides, event), keys.eventWithoutHresult?.(sides, event)];
    const key = candidates.find((one) => one !== undefined && open.has(one));
    if (key === undefined) continue;
    const others = groups.get(key);
    if (others === undefined) groups.set(key, [event]);
    else others.push(event);
  }
  for (const [key, free] of groups) {
    const timeOfRequest = (request: number): number => sides.seen[request]!.minute + sides.offsets[request]!;
    const timeOfEvent = (event: number): number => sides.events.minute.at(event);
    const found = pairNearest(open.get(key)!.reverse(), timeOfRequest, free, timeOfEvent, most);
    for (const [request, event] of found) pairs.join(request, event);
  }
}

/** A request whose CMID no event has may be logged with another: then machine name, product and minute tell. */
function ofOtherMachines(sides: Sides, pairs: Pairs): void {
  const requests = [...sides.seen.keys()].filter(pairs.isOpen);
  if (requests.length === 0) return;
  const events: number[] = [];
  const open = keysOf(['skuId', 'workstationName'], true);
  const wanted = openByKey(sides, requests, pairs, open);
  for (let i = 0; i < sides.events.length; i++) {
    if (pairs.isFree(i) && wanted.has(open.event(sides, i))) events.push(i);
  }
  const machine: Assigned = { requests, events };
  pairEqual(sides, machine, pairs, keysOf(ALL, true));
  pairEqual(sides, machine, pairs, open);
}
