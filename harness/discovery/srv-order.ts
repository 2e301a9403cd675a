import type { Random } from '../random';

/** What of a record bears on the order in which clients try the hosts. */
export interface Ordered {
  readonly priority: number;
  readonly weight: number;
}

/**
 * The order in which one client tries the hosts: by priority, lowest first, and at random by weight within each
 * (RFC 2782, "Usage rules"); licensing-mistakes and understanding-kms 2.6 describe the same.
 */
export function orderByPriorityAndWeight<T extends Ordered>(records: readonly T[], random: Random): T[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    orderByWeight(
      records.filter((record) => record.priority === priority),
      random,
    ),
  );
}

/** Records without weight stand first, so that each has a small chance of being chosen (RFC 2782). */
function orderByWeight<T extends Ordered>(records: readonly T[], random: Random): T[] {
  const left = [
    ...records.filter(({ weight }) => weight === 0),
    ...records.filter(({ weight }) => weight > 0),
  ];
  const ordered: T[] = [];
  while (left.length > 0) {
    const [chosen] = left.splice(choose(left, random), 1);
    ordered.push(chosen!);
  }
  return ordered;
}

/** The first record whose running sum of weights is at least a random number from 0 to the sum of all. */
function choose(records: readonly Ordered[], random: Random): number {
  const sum = records.reduce((total, { weight }) => total + weight, 0);
  const drawn = random.int(0, sum);
  let running = 0;
  return records.findIndex(({ weight }) => (running += weight) >= drawn);
}

/**
 * The order by a profile's discovery: by priority and weight (Windows 7 and Server 2008 R2), or a random pick of all
 * (volume-activation-article: "Nor does KMS use weight and priority").
 */
export function orderForClient<T extends Ordered>(
  records: readonly T[],
  usesPriorityAndWeight: boolean,
  random: Random,
): T[] {
  return usesPriorityAndWeight ? orderByPriorityAndWeight(records, random) : random.shuffle(records);
}
