/** What of a record bears on the order in which clients try the hosts. */
export interface Ordered {
  readonly priority: number;
  readonly weight: number;
}

/** Draws from 0 to 1, 1 excluded: once for every record that is placed. */
export type Draw = () => number;

/**
 * The order in which one client tries the hosts, by a profile's discovery: by priority and weight (Windows 7 and Server 2008 R2), or a
 * random pick of all (volume-activation-article: "Nor does KMS use weight and priority").
 */
export function orderForClient<T extends Ordered>(
  records: readonly T[],
  usesPriorityAndWeight: boolean,
  draw: Draw,
): T[] {
  return usesPriorityAndWeight ? orderByPriorityAndWeight(records, draw) : inTurn(records, pickAny, draw);
}

/**
 * By priority, lowest first, and at random by weight within each (RFC 2782, "Usage rules"); licensing-mistakes and understanding-kms 2.6
 * describe the same.
 */
export function orderByPriorityAndWeight<T extends Ordered>(records: readonly T[], draw: Draw): T[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    inTurn(
      records.filter((record) => record.priority === priority),
      pickByWeight,
      draw,
    ),
  );
}

type Pick = <T extends Ordered>(left: readonly T[], drawn: number) => T;

/** All records, one picked after the other. */
function inTurn<T extends Ordered>(records: readonly T[], pick: Pick, draw: Draw): T[] {
  const left = [...records];
  const ordered: T[] = [];
  while (left.length > 0) {
    const chosen = pick(left, draw());
    left.splice(left.indexOf(chosen), 1);
    ordered.push(chosen);
  }
  return ordered;
}

const pickAny: Pick = (left, drawn) => left[Math.floor(drawn * left.length)]!;

/**
 * The first record whose running sum of weights reaches a number from 0 to the sum of all, both included. Records without weight stand
 * first, "in any order": they share the draw 0, and where there are none, all do.
 */
const pickByWeight: Pick = (left, drawn) => {
  const sum = left.reduce((total, { weight }) => total + weight, 0);
  const number = drawn * (sum + 1);
  if (number < 1) {
    const weightless = left.filter(({ weight }) => weight === 0);
    return pickAny(weightless.length > 0 ? weightless : left, number);
  }
  let running = 0;
  return left.find(({ weight }) => (running += weight) >= Math.floor(number))!;
};
