/** A range of the Monitoring Plugins guidelines: what lies outside alerts, or inside where it is inverted. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly inverted: boolean;
  /** As it was given; performance data repeats it. */
  readonly text: string;
}

const FORM = /^(@?)(?:(~|-?\d+(?:\.\d+)?)?:)?(-?\d+(?:\.\d+)?)?$/;

/**
 * Reads `10` (0 to 10), `10:` (10 and more), `~:10` (10 and less), `10:20`, `@10:20` (not from 10 to 20).
 * @returns null for what is none
 */
export function parseRange(text: string): Range | null {
  const match = FORM.exec(text.trim());
  if (match === null || !/\d/.test(text)) return null;
  const [, inverted, start, end] = match;
  const range = {
    start: start === undefined ? 0 : start === '~' ? -Infinity : Number(start),
    end: end === undefined ? Infinity : Number(end),
    inverted: inverted === '@',
    text: text.trim(),
  };
  return range.start <= range.end ? range : null;
}

/** At least so many. */
export const atLeast = (n: number): Range => ({ start: n, end: Infinity, inverted: false, text: `${n}:` });

/** True where the value is to be alerted on; both ends belong to the range. */
export const isAlert = ({ start, end, inverted }: Range, value: number): boolean =>
  (value >= start && value <= end) === inverted;

/** What is wrong with a value that alerts, as a clause. */
export function whyAlert({ start, end, inverted, text }: Range, value: number): string {
  if (inverted) return `within ${text.slice(1)}`;
  if (value < start) return `fewer than ${start}`;
  return `more than ${end}`;
}
