import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that is large, or deep, or much of one thing, and the command line that reads it. */
export interface LargeInput {
  /** What it is read as, such as "a report". */
  readonly format: string;
  /** What it holds so much of. */
  readonly shape: string;
  /** At most so many bytes of it. @param begun the file that it takes the place of, where `begin` made one */
  readonly make: (bytes: number, begun: BegunFile) => string | Uint8Array;
  readonly argv: (file: string) => string[];
  /** Where the file stands, below a folder of its own; `input` where absent. */
  readonly place?: string;
  /** Small files that stand in the folder with it, by their names. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Has the program write the file in this folder that then becomes large. @returns where it stands */
  readonly begin?: (cwd: string) => string;
}

/** A file that the program wrote. */
export interface BegunFile {
  readonly file: string;
  readonly text: string;
}

/** Text of at most so many bytes: a beginning, a piece as often as it fits, and an end. */
export function filled(
  bytes: number,
  { before = '', piece, after = '' }: { before?: string; piece: string; after?: string },
): string {
  const room = bytes - Buffer.byteLength(before) - Buffer.byteLength(after);
  return before + piece.repeat(Math.max(1, Math.floor(room / Buffer.byteLength(piece)))) + after;
}

/** As `filled`, with pieces that differ. */
export function numbered(
  bytes: number,
  { before = '', piece, after = '' }: { before?: string; piece: (i: number) => string; after?: string },
): string {
  const parts = [before];
  let left = bytes - Buffer.byteLength(before) - Buffer.byteLength(after);
  for (let i = 0; ; i++) {
    const next = piece(i);
    left -= Buffer.byteLength(next);
    if (left < 0) break;
    parts.push(next);
  }
  return parts.join('') + after;
}

/** One thing within another, as deep as it goes. */
export const nested = (
  bytes: number,
  open: string,
  close: string,
  [before, after]: readonly [string, string] = ['', ''],
): string => {
  const depth = Math.floor((bytes - before.length - after.length) / (open.length + close.length));
  return before + open.repeat(depth) + close.repeat(depth) + after;
};

/** Writes an input of so many bytes below a folder. @returns the command line that reads it */
export function placeInput(input: LargeInput, bytes: number, cwd: string): string[] {
  const file = input.begin?.(cwd) ?? join(cwd, input.place ?? 'input');
  mkdirSync(dirname(file), { recursive: true });
  for (const [name, text] of Object.entries(input.beside ?? {})) writeFileSync(join(cwd, name), text);
  const text = input.begin === undefined ? '' : readFileSync(file, 'utf8');
  writeFileSync(file, input.make(bytes, { file, text }));
  return input.argv(file);
}
