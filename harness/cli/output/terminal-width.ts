import type { Writable } from 'node:stream';

/** Columns of an output that is a terminal; undefined for files and pipes, where text is not folded. */
export function terminalWidth(output: Writable): number | undefined {
  const { isTTY, columns } = output as Partial<{ isTTY: boolean; columns: number }>;
  return isTTY === true && columns !== undefined && columns > 0 ? columns : undefined;
}
