import type { Outcome } from '../levels';

export interface ConsoleOptions {
  /** False for NO_COLOR, `--no-color` and outputs that are no terminal. Colour only repeats what signs and words say. */
  readonly color: boolean;
  /** Columns; lines are not cut, but lists are wrapped to it. */
  readonly width?: number;
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
