/** Further ahead, dates stop being dates: a thousand years. */
const MAX_SECONDS = 1000 * 366 * 86_400;

/**
 * The text that stands for `{seconds}` in a control's words: digits, and a decimal point at most. What a control is handed may come
 * from a finding or a plan that somebody else wrote, whatever its type says, and a control may be a script that trusts its arguments.
 * @returns null for all that is no finite number of seconds from 0 to a thousand years
 */
export function secondsInWords(seconds: unknown): string | null {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_SECONDS)) return null;
  return String(Number(seconds.toFixed(3)));
}
