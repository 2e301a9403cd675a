import type { Result } from './result';

/**
 * What kind of failure a message tells of, without what changes from run to run: numbers, hex, GUIDs, quoted values,
 * times. Two failures of one requirement with one class are the same failure.
 */
export function failureClass(result: Pick<Result, 'failureClass' | 'message' | 'outcome'>): string {
  if (result.failureClass !== undefined) return result.failureClass;
  return classOfMessage(result.message ?? result.outcome);
}

/** See {@link failureClass}. */
export function classOfMessage(message: string): string {
  return message
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, 'GUID')
    .replace(/\b\d{4}-\d{2}-\d{2}T[\d:.]+Z?/g, 'TIME')
    .replace(/\b0x[0-9a-f]+\b/gi, (status) => status.toUpperCase())
    .replace(/\b(?=[0-9a-f]*\d)(?!0X)[0-9a-f]{16,}\b/gi, 'HEX')
    .replace(/(?<![\w.])\d+(?:\.\d+)?/g, 'N')
    .replace(/\s+/g, ' ')
    .trim();
}
