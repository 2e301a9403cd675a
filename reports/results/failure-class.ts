import type { Result } from './result';

/**
 * What kind of failure a message tells of, without what changes from run to run: large numbers, durations, sizes, hex, GUIDs,
 * quoted values, times; a status such as 0xC004F042 stays, and so do counts, since a host that stops at 30 machines has
 * another failure than one that stops at 49. Two failures of one requirement with one class are the same failure.
 */
export function failureClass(result: Pick<Result, 'failureClass' | 'message' | 'outcome'>): string {
  if (result.failureClass !== undefined) return result.failureClass;
  return classOfMessage(result.message ?? result.outcome);
}

/** The highest number that is kept as a count; what is counted goes up to 50. */
const MAX_COUNT = 60;
/** What makes a number a measure. */
const UNIT = /^\s?(?:µs|ms|s|sec|seconds?|min|minutes?|hours?|days?|bytes?|octets?|%)\b|^\s?%/;

/** What two failures may differ in and be the same. */
export interface ClassOptions {
  /** Keep counts; false where they hang on what the host happened to hold before. */
  readonly counts?: boolean;
}

/** See {@link failureClass}. */
export function classOfMessage(message: string, { counts = true }: ClassOptions = {}): string {
  const kept = (number: string, rest: string): boolean =>
    counts && /^\d{1,2}$/.test(number) && Number(number) <= MAX_COUNT && !UNIT.test(rest);
  const statuses: string[] = [];
  return (
    message
      .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
      .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, 'GUID')
      .replace(/\b\d{4}-\d{2}-\d{2}T[\d:.]+Z?/g, 'TIME')
      .replace(/(?:\b\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d+/gi, 'HOST')
      .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, (hex) => {
        if (!/^0x[0-9a-f]{8}$/i.test(hex)) return 'HEX';
        statuses.push(hex.toUpperCase().replace('0X', '0x'));
        return '\u0001';
      })
      // In which order machines that ask together are counted is chance.
      .replace(/\[(?=[^\]]*\d)[\s\d,….()]*\]/g, '[N]')
      .replace(/\d+(?:,\d+)*(?:\.\d+)*/g, (number, at: number, whole: string) =>
        kept(number, whole.slice(at + number.length)) ? number : 'N',
      )
      .replace(/\u0001/g, () => statuses.shift() ?? '')
      .replace(/\s+/g, ' ')
      .trim()
  );
}
