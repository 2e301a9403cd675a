/** FILETIME: 100 ns since 1601-01-01 UTC, as a bigint; exact, where a Date has milliseconds only. */

export const TICKS_PER_SECOND = 10_000_000n;
const TICKS_PER_MILLISECOND = 10_000n;
/** 1601-01-01 to 1970-01-01. */
const UNIX_EPOCH_TICKS = 116_444_736_000_000_000n;
/** The last instant that a JavaScript Date can hold. */
const MAX_DATE_MS = 8_640_000_000_000_000n;

/**
 * 100 ns ticks since 1601-01-01 UTC, from milliseconds since 1970; fractions of a millisecond are cut off.
 * @throws RangeError where the number is not finite
 */
export function filetimeFromUnixMs(unixMs: number): bigint {
  return BigInt(Math.trunc(unixMs)) * TICKS_PER_MILLISECOND + UNIX_EPOCH_TICKS;
}

/** Quotient, rounded down, and what is left: division of bigints goes towards zero, which before 1970 is up. */
function divide(ticks: bigint, by: bigint): [quotient: bigint, rest: bigint] {
  const rest = ((ticks % by) + by) % by;
  return [(ticks - rest) / by, rest];
}

/** Milliseconds since 1970, rounded down; a number, so exact only where a Date would be. */
export function unixMsFromFiletime(ticks: bigint): number {
  return Number(divide(ticks - UNIX_EPOCH_TICKS, TICKS_PER_MILLISECOND)[0]);
}

/** ISO 8601 with seven decimals, such as `2026-11-21T07:16:54.0988200Z`; `FILETIME n` beyond the years a Date holds. */
export function formatFiletime(ticks: bigint): string {
  const [seconds, fraction] = divide(ticks - UNIX_EPOCH_TICKS, TICKS_PER_SECOND);
  if (seconds * 1000n > MAX_DATE_MS) return `FILETIME ${ticks}`;
  const upToSeconds = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${upToSeconds}.${fraction.toString().padStart(7, '0')}Z`;
}
