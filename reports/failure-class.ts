import type { Result } from './result';

/**
 * What kind of failure a message tells of, without what changes from run to run: numbers, hex, GUIDs, quoted values,
 * times; a status such as 0xC004F042 stays. Two failures of one requirement with one class are the same failure.
 */
export function failureClass(result: Pick<Result, 'failureClass' | 'message' | 'outcome'>): string {
  if (result.failureClass !== undefined) return result.failureClass;
  return classOfMessage(result.message ?? result.outcome);
}

/** See {@link failureClass}. */
export function classOfMessage(message: string): string {
  const statuses: string[] = [];
  return message
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, 'GUID')
    .replace(/\b\d{4}-\d{2}-\d{2}T[\d:.]+Z?/g, 'TIME')
    .replace(/(?:\b\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d+/gi, 'HOST')
    .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, (hex) => {
      if (!/^0x[0-9a-f]{8}$/i.test(hex)) return 'HEX';
      statuses.push(hex.toUpperCase().replace('0X', '0x'));
      return '\u0001';
    })
    .replace(/\d[\d,]*(?:\.\d+)?/g, 'N')
    .replace(/\u0001/g, () => statuses.shift() ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}
