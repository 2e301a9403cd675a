import { COMPARED } from './compare-fields';
import { type EventTable, NO_MINUTE } from './event-table';
import type { Machine } from './machines';
import type { SeenRequest } from './requests';

/** Offsets from UTC are whole quarters of an hour, at most 14 hours. */
const STEP = 15;
const MOST = 14 * 60;
const OFFSETS = Array.from({ length: (2 * MOST) / STEP + 1 }, (_, i) => i * STEP - MOST);
const UTC = MOST / STEP;
/** Of offsets that fit some request at all, so many are tried for parts of the log. */
const CANDIDATES = 6;
/** What a change of the offset costs, counted in requests that it has to explain. */
const CHANGE = 1.5;
/** Summer time: an hour (half of one on Lord Howe Island), between two requests that are not of the same minute. */
const CHANGE_OF_SEASON = 0.9;

/** A part of the requests, in the order of time, that the log has with one offset. */
export interface OffsetPart {
  /** Minutes by which the log is ahead of UTC. */
  readonly offset: number;
  /** Minutes since 1970 UTC of its first request. */
  readonly from: number;
}

export interface Offsets {
  /** For each request, by its number. */
  readonly ofRequest: Int16Array;
  /** More than one where summer time began or ended. */
  readonly parts: readonly OffsetPart[];
}

/**
 * Hosts may write client times in local time, which changes twice a year. Each request votes for every offset at which the log has an event of
 * its machine that is equal but for its time; where there are none such, for those at which it has any event of machine and product. The
 * requests are then cut into the parts that explain the most.
 */
export function findOffsets(
  seen: readonly SeenRequest[],
  events: EventTable,
  machines: readonly Machine[],
): Offsets {
  for (const fields of [
    COMPARED.filter(({ field }) => field !== 'hresult'),
    COMPARED.filter(({ field }) => field === 'skuId'),
  ]) {
    const votes = new Votes(seen.length);
    for (const machine of machines) voteOf(machine, seen, events, fields, votes);
    if (votes.total > 0) return partsOf(seen, votes);
  }
  return { ofRequest: new Int16Array(seen.length), parts: [{ offset: 0, from: seen[0]?.minute ?? 0 }] };
}

/** Which offsets fit which request: a bit each. */
class Votes {
  static readonly words = Math.ceil(OFFSETS.length / 32);
  readonly sums = new Uint32Array(OFFSETS.length);
  readonly #bits: Uint32Array;
  total = 0;

  constructor(requests: number) {
    this.#bits = new Uint32Array(requests * Votes.words);
  }

  add(request: number, offset: number): void {
    this.#bits[request * Votes.words + (offset >> 5)]! |= 1 << (offset & 31);
    this.sums[offset]!++;
    this.total++;
  }

  has(request: number, offset: number): boolean {
    return (this.#bits[request * Votes.words + (offset >> 5)]! & (1 << (offset & 31))) !== 0;
  }
}

function voteOf(
  { requests, events: own }: Machine,
  seen: readonly SeenRequest[],
  events: EventTable,
  fields: typeof COMPARED,
  votes: Votes,
): void {
  const minutes = new Map<string, Set<number>>();
  for (const request of requests)
    minutes.set(fields.map((field) => field.seen(seen[request]!)).join('|'), new Set());
  for (const event of own) {
    const minute = events.minute.at(event);
    if (minute !== NO_MINUTE)
      minutes.get(fields.map((field) => field.logged(events, event)).join('|'))?.add(minute);
  }
  for (const request of requests) {
    const known = minutes.get(fields.map((field) => field.seen(seen[request]!)).join('|'))!;
    if (known.size === 0) continue;
    OFFSETS.forEach((offset, i) => {
      if (known.has(seen[request]!.minute + offset)) votes.add(request, i);
    });
  }
}

/** The cheapest way to go through the requests in the order of time: one for each that an offset does not fit, and what changes cost. */
function partsOf(seen: readonly SeenRequest[], votes: Votes): Offsets {
  const order = [...seen.keys()].sort((a, b) => seen[a]!.minute - seen[b]!.minute || a - b);
  const candidates = [...OFFSETS.keys()]
    .filter((i) => votes.sums[i]! > 0)
    .sort((a, b) => votes.sums[b]! - votes.sums[a]! || Math.abs(a - UTC) - Math.abs(b - UTC))
    .slice(0, CANDIDATES);
  const from = new Uint8Array(order.length * candidates.length);
  let costs = candidates.map(() => 0);
  order.forEach((request, place) => {
    const isLater = place > 0 && seen[order[place - 1]!]!.minute < seen[request]!.minute;
    costs = candidates.map((offset, state) => {
      let best = state;
      let bestCost = costs[state]!;
      candidates.forEach((other, before) => {
        const cost = costs[before]! + changeCost(other, offset, isLater);
        if (place > 0 && cost < bestCost) [best, bestCost] = [before, cost];
      });
      from[place * candidates.length + state] = best;
      return bestCost + (votes.has(request, offset) ? 0 : 1);
    });
  });
  return traced(seen, order, candidates, from, costs.indexOf(Math.min(...costs)));
}

function changeCost(before: number, after: number, isLater: boolean): number {
  const size = Math.abs(OFFSETS[before]! - OFFSETS[after]!);
  if (size === 0) return 0;
  return isLater && (size === 60 || size === 30) ? CHANGE_OF_SEASON : CHANGE;
}

function traced(
  seen: readonly SeenRequest[],
  order: readonly number[],
  candidates: readonly number[],
  from: Uint8Array,
  last: number,
): Offsets {
  const ofRequest = new Int16Array(seen.length);
  for (let place = order.length - 1, state = last; place >= 0; place--) {
    ofRequest[order[place]!] = OFFSETS[candidates[state]!]!;
    state = from[place * candidates.length + state]!;
  }
  const parts: OffsetPart[] = [];
  for (const request of order) {
    const offset = ofRequest[request]!;
    if (parts.at(-1)?.offset !== offset) parts.push({ offset, from: seen[request]!.minute });
  }
  return { ofRequest, parts };
}
