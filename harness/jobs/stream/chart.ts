import type { Trajectory } from '../../../reports/results/model';

const ROWS = 12;
const COLUMNS = 64;

/**
 * The counts over a stream as text: `*` answered, `o` the model where the two differ, `·` on the lines of the thresholds.
 * @returns lines, empty where no count came
 */
export function streamChart({ points, thresholds, requests }: Trajectory): string[] {
  const highest = Math.max(
    0,
    ...points.map(({ answered, expected }) => Math.max(answered ?? 0, expected ?? 0)),
  );
  if (highest === 0) return [];
  const columns = Math.min(COLUMNS, points.length);
  const rows = Math.min(ROWS, highest);
  const grid = Array.from({ length: rows }, () => new Array<string>(columns).fill(' '));
  const rowOf = (count: number): number => Math.min(rows - 1, Math.floor(((count - 1) / highest) * rows));
  for (const threshold of thresholds) if (threshold <= highest) grid[rowOf(threshold)]!.fill('·');
  for (const [index, { answered, expected }] of points.entries()) {
    const column = Math.floor((index / points.length) * columns);
    if (expected !== null && expected !== answered && expected > 0) grid[rowOf(expected)]![column] = 'o';
    if (answered !== null && answered > 0) grid[rowOf(answered)]![column] = '*';
  }
  const labels = grid.map((_, row) => `${Math.ceil(((row + 1) / rows) * highest)}`);
  const width = Math.max(...labels.map(({ length }) => length));
  return [
    ...grid.map((cells, row) => `${labels[row]!.padStart(width)} |${cells.join('')}`.trimEnd()).reverse(),
    `${' '.repeat(width)} +${'-'.repeat(columns)}`,
    `${' '.repeat(width)}  1${` ${requests} request${requests === 1 ? '' : 's'}`.padStart(columns - 1)}`,
  ];
}
