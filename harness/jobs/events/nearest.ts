/** Cells of the table of an assignment; groups beyond it are paired in the order of time. */
const MOST_CELLS = 250_000;

interface Timed {
  readonly item: number;
  readonly time: number;
}

/**
 * Pairs requests with events so that as many as can be are paired, and of all ways to do so the differences in time are the smallest in sum.
 * On a line, the best pairs never cross: sorted, it is an alignment of two lists.
 * @param most pairs further apart than this, in minutes, are none
 */
export function pairNearest(
  requests: readonly number[],
  timeOfRequest: (request: number) => number,
  events: readonly number[],
  timeOfEvent: (event: number) => number,
  most: number,
): [request: number, event: number][] {
  const left = sorted(requests, timeOfRequest);
  const right = sorted(events, timeOfEvent);
  const pairs: [number, number][] = [];
  for (const [ones, others] of clusters(left, right, most)) {
    const found =
      ones.length * others.length > MOST_CELLS ? inOrder(ones, others, most) : aligned(ones, others, most);
    for (const pair of found) pairs.push(pair);
  }
  return pairs;
}

const sorted = (items: readonly number[], timeOf: (item: number) => number): Timed[] =>
  items.map((item) => ({ item, time: timeOf(item) })).sort((a, b) => a.time - b.time || a.item - b.item);

/** Parts that are further from each other than a pair can be. */
function* clusters(
  left: readonly Timed[],
  right: readonly Timed[],
  most: number,
): Generator<[Timed[], Timed[]]> {
  let [ones, others]: [Timed[], Timed[]] = [[], []];
  let last = -Infinity;
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const isLeft = j >= right.length || (i < left.length && left[i]!.time <= right[j]!.time);
    const next = isLeft ? left[i++]! : right[j++]!;
    if (next.time - last > most) {
      if (ones.length > 0 && others.length > 0) yield [ones, others];
      [ones, others] = [[], []];
    }
    (isLeft ? ones : others).push(next);
    last = next.time;
  }
  if (ones.length > 0 && others.length > 0) yield [ones, others];
}

const SKIP_REQUEST = 0;
const SKIP_EVENT = 1;
const PAIR = 2;

function aligned(ones: readonly Timed[], others: readonly Timed[], most: number): [number, number][] {
  const width = others.length + 1;
  const steps = new Uint8Array((ones.length + 1) * width);
  // One more pair is worth any sum of differences.
  const left = (most + 1) * (ones.length + 1);
  let above = new Float64Array(width);
  steps.fill(SKIP_EVENT, 1, width);
  for (let i = 1; i <= ones.length; i++) {
    const row = new Float64Array(width);
    row[0] = above[0]! + left;
    for (let j = 1; j < width; j++) {
      const apart = Math.abs(ones[i - 1]!.time - others[j - 1]!.time);
      const costs = [above[j]! + left, row[j - 1]!, apart > most ? Infinity : above[j - 1]! + apart];
      const step =
        costs[PAIR]! <= costs[SKIP_REQUEST]! && costs[PAIR]! <= costs[SKIP_EVENT]!
          ? PAIR
          : costs[SKIP_EVENT]! <= costs[SKIP_REQUEST]!
            ? SKIP_EVENT
            : SKIP_REQUEST;
      row[j] = costs[step]!;
      steps[i * width + j] = step;
    }
    above = row;
  }
  const pairs: [number, number][] = [];
  for (let i = ones.length, j = others.length; i > 0 || j > 0; ) {
    const step = steps[i * width + j]!;
    if (step === PAIR) pairs.push([ones[--i]!.item, others[--j]!.item]);
    else if (step === SKIP_EVENT) j--;
    else i--;
  }
  return pairs.reverse();
}

/** The first event that is near enough, for each request in order: as many pairs, not always the nearest. */
function inOrder(ones: readonly Timed[], others: readonly Timed[], most: number): [number, number][] {
  const pairs: [number, number][] = [];
  let j = 0;
  for (const { item, time } of ones) {
    while (j < others.length && others[j]!.time < time - most) j++;
    if (j < others.length && others[j]!.time <= time + most) pairs.push([item, others[j++]!.item]);
  }
  return pairs;
}
