import type { HistoryRequest } from '../history';
import { checkHistory } from '../history-checker';
import { everyCounts, hasOrder, type PlainRequest } from './plain-orders';

/** The history of requests that were answered with these counts; one that was lost has no end. */
export function historyOf(
  requests: readonly PlainRequest[],
  counts: readonly (number | null)[],
): HistoryRequest[] {
  return requests.map(({ start, end, clientMachineId, requiredClientCount }, i) => ({
    kind: 'request',
    startMs: start,
    endMs: counts[i] === null ? Infinity : end,
    applicationId: 'windows',
    clientMachineId,
    requiredClientCount,
    isVirtualMachine: false,
    count: counts[i]!,
  }));
}

/** Counts that some order gives, and those that differ in one of them by one; each once, at most `most` of the right ones. */
export function nearCounts(requests: readonly PlainRequest[], most = Infinity): readonly number[][] {
  const near = new Map<string, number[]>();
  for (const text of [...everyCounts(requests)].slice(0, most)) {
    const counts = text.split(',').map(Number);
    near.set(text, counts);
    for (const i of counts.keys()) {
      for (const by of [1, -1]) {
        const other = counts.map((count, at) => (at === i ? count + by : count));
        near.set(other.join(), other);
      }
    }
  }
  return [...near.values()];
}

export interface Agreement {
  looked: number;
  /** Without an order, as the plain search has it. */
  wrong: number;
}

/** Holds the checker against the plain search. @returns what they disagree on, or null */
export function disagreement(
  requests: readonly PlainRequest[],
  counts: readonly (number | null)[],
  agreement: Agreement,
): string | null {
  const plain = hasOrder(requests, counts);
  const { failures } = checkHistory(historyOf(requests, counts));
  agreement.looked++;
  if (!plain) agreement.wrong++;
  if (plain === (failures.length === 0)) return null;
  return `${plain ? 'refuses' : 'takes'} ${JSON.stringify({ requests, counts })}`;
}

/**
 * Every way in which so many requests can overlap, as starts and ends: each starts at one of `moments` moments, in order, and ends there or later.
 * What overlaps in the same way may come more than once.
 */
export function* everyOverlap(
  size: number,
  moments: number,
  from = 0,
): Generator<readonly { readonly start: number; readonly end: number }[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let start = from; start < moments; start++) {
    for (let end = start; end < moments; end++) {
      for (const rest of everyOverlap(size - 1, moments, start)) yield [{ start, end }, ...rest];
    }
  }
}

type Overlap = readonly { readonly start: number; readonly end: number }[];

/** Which requests come before which, as text: a 1 for each other one that ended before this one started, this one being the next of `order`. */
const precedence = (overlap: Overlap, order: readonly number[]): string =>
  order.map((i) => order.map((other) => (overlap[other]!.end < overlap[i]!.start ? 1 : 0)).join('')).join();

/** Each way in which requests overlap once, and so the order of their starts: what precedes what tells them apart. */
export function distinctOverlaps(size: number, moments: number): readonly Overlap[] {
  const asTheyCome = Array.from({ length: size }, (_, i) => i);
  const found = new Map<string, Overlap>();
  for (const overlap of everyOverlap(size, moments)) {
    const text = precedence(overlap, asTheyCome);
    if (!found.has(text)) found.set(text, overlap);
  }
  return [...found.values()];
}

/** As `distinctOverlaps`, but for who is who: there are 1, 2, 5, 15, 53, 217 of one to six requests (Fishburn numbers, OEIS A022493). */
export function distinctShapes(size: number): readonly Overlap[] {
  const orders = [...everyOrder(Array.from({ length: size }, (_, i) => i))];
  const found = new Map<string, Overlap>();
  for (const overlap of distinctOverlaps(size, size)) {
    const texts = orders.map((order) => precedence(overlap, order));
    found.set(
      texts.reduce((a, b) => (a < b ? a : b)),
      overlap,
    );
  }
  return [...found.values()];
}

function* everyOrder(all: readonly number[]): Generator<readonly number[]> {
  if (all.length === 0) yield [];
  for (const first of all) {
    for (const rest of everyOrder(all.filter((each) => each !== first))) yield [first, ...rest];
  }
}

/** Every list of names, but for names: a new one is always the next. */
export function* everyNaming(size: number, most: number, used = 0): Generator<readonly number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let name = 0; name <= Math.min(used, most - 1); name++) {
    for (const rest of everyNaming(size - 1, most, Math.max(used, name + 1))) yield [name, ...rest];
  }
}
