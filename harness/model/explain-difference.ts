import type { Expectation } from './expectation';

/**
 * Why the model says what it says, and what the host seems to have done instead: one or two sentences for the first
 * answer that differs.
 * @param who what asked, such as `renewal of server 3`
 * @param requiredClientCount N_Policy of the request
 * @param answered the host's count, or null where it answered something else
 */
export function explainDifference(
  who: string,
  requiredClientCount: number,
  answered: number | null,
  expected: Expectation,
): string {
  const received = answered === null ? 'received no count' : `received ${answered}`;
  const guess = answered === null ? undefined : guessAt(answered, expected);
  return [
    `${who} ${received}, the model says ${expected.count}: ${reason(requiredClientCount, expected)}.`,
    ...(guess === undefined ? [] : [`The host answers as if ${guess}${guess.endsWith('?') ? '' : '.'}`]),
    ...(expected.onTheEdge
      ? ['A record is within seconds of its 30 days, so that either count may be right.']
      : []),
  ].join(' ');
}

/** The model's state in words. */
function reason(requiredClientCount: number, expected: Expectation): string {
  const { held, known, capacity, capacityBefore, expired, counted } = expected;
  const gone = expired > 0 ? `${plural(expired, 'record')} had not been renewed for 30 days and left; ` : '';
  const holds = `${gone}the host held ${plural(held, 'machine')}`;
  if (!counted) return `${holds}, and a virtual machine does not count in this profile`;
  const grown =
    capacity > capacityBefore ? `, N_Policy ${requiredClientCount} makes it ${capacity} places` : '';
  if (known) return `${holds}${grown}, this CMID among them, so that the count stays`;
  if (held >= capacity) return `${holds}, as many as its ${capacity} places, so that the oldest gave way`;
  return `${holds}${grown || ` of ${capacity} places`}, and this CMID was not among them, so that it adds one`;
}

/** The likeliest of the known ways to count wrong that give this answer. */
function guessAt(
  answered: number,
  { count, held, known, capacity, capacityBefore, expired, counted }: Expectation,
): string | undefined {
  if (!counted && answered === held + 1) return 'virtual machines counted';
  if (expired > 0 && answered === count + expired) return 'records did not expire';
  if (answered > capacity) return `its cache had more than ${capacity} places`;
  if (known && answered === count + 1) return 'this CMID were new to it';
  if (!known && counted && answered === held && held < capacity) {
    return capacity > capacityBefore && held >= capacityBefore
      ? 'its cache did not grow'
      : 'this request were not counted';
  }
  if (answered === 1 && count > 1) return 'it had forgotten all others, or counted each kind by itself';
  if (answered > count) return `it held ${plural(answered - count, 'machine')} more: is it fresh?`;
  return undefined;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
