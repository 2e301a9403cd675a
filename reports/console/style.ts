import { defuseCommands } from '../escape/terminal';
import type { Outcome } from '../levels';

export interface ConsoleOptions {
  /** False for NO_COLOR, `--no-color` and outputs that are no terminal. Colour only repeats what signs and words say. */
  readonly color: boolean;
  /** Columns of the terminal. Text is folded at spaces to it; without it only lists of ids are. */
  readonly width?: number | undefined;
}

export type Ink = 'bad' | 'good' | 'doubt' | 'faint' | 'strong';

const CODES: Readonly<Record<Ink, readonly [number, number]>> = {
  bad: [31, 39],
  good: [32, 39],
  doubt: [33, 39],
  faint: [2, 22],
  strong: [1, 22],
};

export type Paint = (ink: Ink, text: string) => string;

/** A function that colours text, or leaves it as it is. */
export function painter({ color }: ConsoleOptions): Paint {
  if (!color) return (_, text) => text;
  return (ink, text) => `\u001b[${CODES[ink][0]}m${text}\u001b[${CODES[ink][1]}m`;
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
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
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
    if (line !== '' && [...line].length + 1 + [...word].length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each, index) => (index === 0 ? each : defuseCommands(each)));
}

/** Rows as columns, the first to the left and the others to the right. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  return rows.map(
    (row) =>
      indent +
      row
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!)))
        .join('  ')
        .trimEnd(),
  );
}
