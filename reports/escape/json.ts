import { replaceActing } from './visible';

/**
 * A value as JSON text without a line feed at its end. Acting characters stand as `\\u` escapes, so that the text can go to a terminal,
 * and reads back as the same value.
 */
export function jsonText(value: unknown, space?: number): string {
  const text = JSON.stringify(value, null, space);
  // Most texts hold none, and are looked through sooner by this.
  return /[^\n -~]/.test(text) ? replaceActing(text, escapeUnits) : text;
}

/** Each UTF-16 unit on its own: that is how JSON escapes what lies beyond the first plane. */
function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
