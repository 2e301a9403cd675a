import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';

/** Rooms, each with the rooms that it may import: the table that lint enforces. */
export type Floors = Readonly<Record<string, readonly string[]>>;

export const floors = (): Floors =>
  JSON.parse(readFileSync(join(packageRoot(), '.floors.json'), 'utf8')) as Floors;

/** The height of each room: those that import nothing lie at 1, each other one above all that it may import. */
function heights(table: Floors): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const heightOf = (room: string): number => {
    const height = known.get(room) ?? 1 + Math.max(0, ...table[room]!.map(heightOf));
    known.set(room, height);
    return height;
  };
  Object.keys(table).forEach(heightOf);
  return known;
}

/**
 * The picture of docs/architecture.md: one line a storey, the highest first, each with the rooms on it and what they may import. A room that is reached
 * through another one it imports is left out, so that each arrow leads one floor down wherever it can.
 */
export function drawFloors(table: Floors): string {
  const rooms = Object.keys(table);
  const width = Math.max(...rooms.map((room) => room.length));
  const height = heights(table);
  const storeys = [...new Set(height.values())].sort((a, b) => b - a);
  const lines = storeys.flatMap((storey) =>
    rooms
      .filter((room) => height.get(room) === storey)
      .map((room) => {
        const direct = table[room]!.filter(
          (below) => !table[room]!.some((other) => table[other]!.includes(below)),
        );
        const arrow = direct.length === 0 ? '' : `  ->  ${direct.join(', ')}`;
        return `    ${String(storey).padStart(2)}  ${room.padEnd(width)}${arrow}`.trimEnd();
      }),
  );
  return lines.join('\n');
}
