import { styleText } from 'node:util';
import { defuseCommands } from '../escape/terminal';
import type { Outcome } from '../results/levels';
import { textWidth } from '../text/columns';

/** How a report is shown on a terminal. */
export interface ConsoleOptions {
  /** False for NO_COLOR, `--no-color` and outputs that are no terminal. Colour only repeats what signs and words say. */
  readonly color: boolean;
  /** Columns of the terminal. Text is folded at spaces to it; without it only lists of ids are. */
  readonly width?: number | undefined;
}

export type Ink = 'bad' | 'good' | 'doubt' | 'faint' | 'strong';

const FORMAT = {
  bad: 'red',
  good: 'green',
  doubt: 'yellow',
  faint: 'dim',
  strong: 'bold',
} as const satisfies Record<Ink, string>;

export type Paint = (ink: Ink, text: string) => string;

/** A function that colours text, or leaves it as it is. */
export function painter({ color }: ConsoleOptions): Paint {
  if (!color) return (_, text) => text;
  // Whether colours are wanted was decided by who calls: the stream that util would ask is not the one that is written to.
  return (ink, text) => styleText(FORMAT[ink], text, { validateStream: false });
}

export const OUTCOME_INK: Readonly<Record<Outcome, Ink>> = {
  failed: 'bad',
  'unexpected-pass': 'bad',
  'not-run': 'doubt',
  inconclusive: 'doubt',
  untestable: 'faint',
  'expected-failure': 'doubt',
  excluded: 'faint',
  passed: 'good',
};

/** Words on as many lines as they need, each line behind `indent`. */
export function wrap(words: readonly string[], width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent.length + textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(indent + line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(indent + line);
  return lines.join('\n');
}

/**
 * One line of escaped text on as many lines as it needs, folded at spaces; a word that is too long stays whole, so that it
 * can be copied.
 * @param width columns of each line, unfolded where undefined
 * @param used columns that something else takes on the first line
 */
export function fold(text: string, width: number | undefined, used = 0): string[] {
  if (width === undefined) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = width - (lines.length === 0 ? used : 0);
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each, index) => (index === 0 ? each : defuseCommands(each)));
}
