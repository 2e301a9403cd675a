import { RECORD_LIFETIME_MS } from '../client-cache';
import { Displacement, type Ranged } from './displacement';
import type { Operation } from './operation';

/** A host's clock and ours differ by no more: what expires within it of a request may be gone or not. */
const SLACK_MS = 60_000;
/** Older than any record: a client that is not there. */
const NEVER = -2;

/** A client that has asked, and when it did so last. */
export interface Asked extends Ranged {
  readonly phase: number;
  /** Its requests of this phase that are still without an answer: it may have asked as late as now. */
  open: number;
  /** The same as times of the host's clock, ms. */
  startMs: number;
  endMs: number;
  /** How far the host's clock was ahead of ours then, ms. */
  offsetMs: number;
}

/** The record may be gone by then. */
export const mayHaveExpired = (oldestMs: number, toMs: number): boolean =>
  toMs - oldestMs > RECORD_LIFETIME_MS - SLACK_MS;

/** Whether a record of a client that asked no later than `latestMs` is gone for certain by then. */
export const hasSurelyExpired = (latestMs: number, fromMs: number): boolean =>
  fromMs - latestMs > RECORD_LIFETIME_MS + SLACK_MS;

/** Those whose records are surely there still, between two times of the host's clock; null where that cannot be said of each. */
export function youngOf(
  asked: ReadonlyMap<string, Asked>,
  fromMs: number,
  toMs: number,
): (readonly [string, Asked])[] | null {
  const young: (readonly [string, Asked])[] = [];
  for (const each of asked) {
    const { startMs, endMs, open } = each[1];
    if (!mayHaveExpired(startMs, toMs)) young.push(each);
    // One that is still without an answer may be taken as late as now.
    else if (open > 0 || !hasSurelyExpired(endMs, fromMs)) return null;
  }
  return young;
}

/**
 * What is known of who is held in a full cache; null where all who asked are, and no others.
 * @param before what was known when it was full the last time
 * @param lost requests without an answer, which may have made their clients the newest, so that others gave way to them
 */
export function displacedFrom(
  asked: ReadonlyMap<string, Asked>,
  before: Displacement | null,
  lost: readonly Operation[],
  count: number,
): Displacement | null {
  const ranges = [...asked].map(([name, { from, to }]): [string, Ranged] => [name, { from, to, held: null }]);
  if (lost.length === 0) {
    if (ranges.length > count) return new Displacement(new Map(ranges), 0, count);
    return ranges.length === count ? null : (before?.without(asked, count - ranges.length) ?? null);
  }
  const members = new Map<string, Ranged>([...(before?.ranges() ?? []), ...ranges]);
  for (const { clientMachineId, places } of lost) {
    // Taken before now it would have made the cache grow.
    if (places > count) continue;
    const from = members.get(clientMachineId)?.from ?? NEVER;
    members.set(clientMachineId, { from, to: Infinity, held: null });
  }
  return new Displacement(members, before?.strangersLeft ?? 0, count);
}
