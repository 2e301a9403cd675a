import { hasSurelyExpired, mayHaveExpired } from './asked';
import type { Operation } from './operation';
import { isLost } from './under-way';

/** Steps of the search, a tenth of a second: beyond these nothing is said. */
const MOST_STEPS = 10_000;

/** A client that has asked, and between which times of the host's clock it did so last, ms. */
interface Client {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A host as it may stand. */
interface PossibleHost {
  /** How far its clock is ahead of ours, ms. */
  readonly aheadMs: number;
  /** So many records of which nothing is known are left at most: they are the oldest, and may expire at any moment. */
  readonly strangers: number;
  /** From the oldest request to the newest. */
  readonly clients: readonly Client[];
  /** Places: exactly so many, or at least. */
  readonly places: number;
  readonly arePlacesKnown: boolean;
}

const EMPTY: PossibleHost = { aheadMs: 0, strangers: 0, clients: [], places: 0, arePlacesKnown: true };
const ANY: PossibleHost = { ...EMPTY, strangers: Infinity, arePlacesKnown: false };

/**
 * Whether some host may have answered all of these requests that had ended by then: each order is tried, as far as it leads. Nothing that
 * came before them was under way any more when the first of them began, but for answers that were lost.
 * @param operations in the order of their starts
 * @param byMs what ends later is known to be answered so, and may have been taken or not
 * @param wasEmpty the host held nothing before; else nobody knows what
 * @returns null where that takes too long to find out
 */
export function mayBeAnsweredSo(
  operations: readonly Operation[],
  byMs: number,
  wasEmpty: boolean,
): boolean | null {
  const seen = new Set<string>();
  let steps = 0;
  const walk = (host: PossibleHost, left: readonly Operation[]): boolean | null => {
    if (left.every((each) => isLost(each) || each.endMs > byMs)) return true;
    const key = `${left.map(({ id }) => id).join()}|${textOf(host)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const firstEnd = left.reduce((first, { endMs }) => Math.min(first, endMs), Infinity);
    for (const next of left) {
      if (next.startMs > firstEnd) break;
      for (const after of hostsAfter(host, next)) {
        if (++steps > MOST_STEPS) return null;
        const others = left.filter((each) => each !== next);
        const found = walk(after, others);
        if (found !== false) return found;
      }
    }
    return false;
  };
  return walk(wasEmpty ? EMPTY : ANY, operations);
}

const textOf = ({ aheadMs, strangers, places, arePlacesKnown, clients }: PossibleHost): string =>
  `${aheadMs}/${strangers}/${places}${arePlacesKnown ? '' : '?'}/${clients.map(({ name, fromMs }) => `${name} ${fromMs}`).join('\0')}`;

/** How a host may stand once it has taken a control, or answered a request with its count. */
function hostsAfter(host: PossibleHost, operation: Operation): PossibleHost[] {
  const { control } = operation;
  if (control === 'reset') return [{ ...EMPTY, aheadMs: host.aheadMs }];
  if (control !== null) return [{ ...host, aheadMs: host.aheadMs + control }];
  return withoutExpired(host, operation).flatMap((left) => answered(left, operation));
}

/** The host with as many of its oldest records as may have expired by a request, and as few as must have. */
function withoutExpired(host: PossibleHost, { startMs, endMs }: Operation): PossibleHost[] {
  const { clients, aheadMs } = host;
  const hosts: PossibleHost[] = [];
  for (let gone = 0; gone <= clients.length; gone++) {
    if (gone > 0 && !mayHaveExpired(clients[gone - 1]!.fromMs, endMs + aheadMs)) break;
    const oldest = clients[gone];
    if (oldest !== undefined && hasSurelyExpired(oldest.toMs, startMs + aheadMs)) continue;
    hosts.push(gone === 0 ? host : { ...host, strangers: 0, clients: clients.slice(gone) });
  }
  return hosts;
}

function answered(host: PossibleHost, operation: Operation): PossibleHost[] {
  const { clientMachineId: name, isCounted, places, count, startMs, endMs } = operation;
  if (!isCounted) return count === null ? [] : holding(host, host.clients, count);
  const others = host.clients.filter((each) => each.name !== name);
  const clients = [...others, { name, fromMs: startMs + host.aheadMs, toMs: endMs + host.aheadMs }];
  const grown = { ...host, places: Math.max(host.places, places) };
  const after = count === null ? lost(grown, clients) : holding(grown, clients, count);
  // A full cache whose records are all of clients that have asked: the oldest makes room.
  const isNew = others.length === host.clients.length;
  const all = others.length;
  const mayBeFull = grown.arePlacesKnown ? grown.places === all : arePlaces(all) && grown.places <= all;
  if (isNew && mayBeFull && (count === null || count === all))
    after.push({ ...grown, arePlacesKnown: true, strangers: 0, clients: clients.slice(1), places: all });
  return after;
}

/** Whatever records of others are gone by then, there are so many in all. */
function holding(host: PossibleHost, clients: readonly Client[], count: number): PossibleHost[] {
  const strangers = count - clients.length;
  const hasRoom = count <= host.places || !host.arePlacesKnown;
  if (strangers < 0 || strangers > host.strangers || !hasRoom) return [];
  return [{ ...host, strangers, clients, places: Math.max(host.places, count) }];
}

function lost(host: PossibleHost, clients: readonly Client[]): PossibleHost[] {
  const room = host.arePlacesKnown ? host.places - clients.length : Infinity;
  return room < 0 ? [] : [{ ...host, clients, strangers: Math.min(host.strangers, room) }];
}

/** Twice a number of clients: no host has another number of places. */
const arePlaces = (count: number): boolean => count > 0 && count % 2 === 0;
