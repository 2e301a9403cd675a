import { defuseCommands } from './terminal';
import { makeVisible } from './visible';

/** Colours, as this program writes them. */
const COLOUR = /(\u001b\[[\d;]*m)/;
/** How a line of progress begins: back to its start, and the line away. */
const DRAWN_OVER = /^\r\u001b\[2?K/;

/**
 * The last escape before a terminal or a log: whatever a text that was forgotten elsewhere holds, it is seen and does not act. Text
 * that was escaped before passes unchanged.
 */
export class StreamEscape {
  /** The end of the line so far, as it was written, as much of it as a command could begin in. */
  #line = '';

  /** @param isTerminal colours pass, and at the start of a text what draws a line over */
  constructor(private readonly isTerminal: boolean) {}

  /** The next piece of text, escaped. */
  next(text: string): string {
    const drawn = this.isTerminal ? (DRAWN_OVER.exec(text)?.[0] ?? '') : '';
    if (drawn !== '') this.#line = '';
    return drawn + this.#defuse(this.#visible(text.slice(drawn.length)));
  }

  #visible(text: string): string {
    if (!this.isTerminal || !text.includes('\u001b')) return makeVisible(text);
    return text
      .split(COLOUR)
      .map((part, i) => (i % 2 === 1 ? part : makeVisible(part)))
      .join('');
  }

  /** Commands are looked for in whole lines, though text comes in pieces: what was written already stays as it is. */
  #defuse(text: string): string {
    const [first = '', ...others] = text.split('\n');
    const begun = this.#line;
    const whole = defuseCommands(begun + first);
    const lines = [whole, ...others.map(defuseCommands)];
    const last = lines.at(-1)!;
    this.#line = last.length > LONGEST_BEGINNING ? `.${last.slice(-LONGEST_BEGINNING)}` : last;
    return lines.join('\n').slice(begun.length);
  }
}

/** More than the beginning of any command takes. */
const LONGEST_BEGINNING = 64;
