import { UsageError } from '../../support/usage-error';

/** How much of a long notation is shown on each side of the character that is wrong. */
const SHOWN_EACH_SIDE = 50;

/** A stream notation that cannot be read or played. The message shows the place, with a caret under the character. */
export class StreamError extends UsageError {
  /**
   * @param notation the whole text
   * @param at the character that is wrong, from 0
   * @param problem what was expected there, what was found, and what to write instead
   */
  constructor(
    notation: string,
    readonly at: number,
    readonly problem: string,
  ) {
    super(`stream notation, character ${at + 1}: ${problem}\n${excerpt(notation, at)}`);
    this.name = 'StreamError';
  }
}

/** The text around a character and a caret under it; one line of each, however long or broken the notation is. */
function excerpt(notation: string, at: number): string {
  const from = Math.max(0, at - SHOWN_EACH_SIDE);
  const to = Math.min(notation.length, at + SHOWN_EACH_SIDE);
  const before = from > 0 ? '…' : '';
  const after = to < notation.length ? '…' : '';
  const shown = [...notation.slice(from, to)]
    .map((character) => (character < ' ' ? ' ' : character))
    .join('');
  return `  ${before}${shown}${after}\n  ${' '.repeat(before.length + at - from)}^`;
}
