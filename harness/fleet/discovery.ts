/** A host as DNS publishes it. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
}

/**
 * The order in which a client asks the hosts that DNS names: the first one that answers is kept.
 * @param heedsPriority by priority, and by weight within one (RFC 2782); else at random, every host as likely (understanding-kms 2.6)
 * @param fraction draws from 0 to 1, 1 excluded
 * @returns indexes into `records`
 */
export function discoveryOrder(
  records: readonly SrvRecord[],
  heedsPriority: boolean,
  fraction: (n: number) => number,
): number[] {
  const left = records.map(({ priority, weight }, index) => ({
    index,
    priority: heedsPriority ? priority : 0,
    // A weight of 0 has a very small chance (RFC 2782), not none.
    weight: heedsPriority ? weight + 1e-6 : 1,
  }));
  const order: number[] = [];
  while (left.length > 0) {
    const priority = Math.min(...left.map((record) => record.priority));
    const candidates = left.filter((record) => record.priority === priority);
    const chosen = byWeight(candidates, fraction(order.length));
    left.splice(left.indexOf(chosen), 1);
    order.push(chosen.index);
  }
  return order;
}

function byWeight<T extends { readonly weight: number }>(candidates: readonly T[], drawn: number): T {
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  let left = drawn * total;
  for (const candidate of candidates) {
    left -= candidate.weight;
    if (left < 0) return candidate;
  }
  return candidates.at(-1)!;
}
