import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is taken of Stryker's report, one file of source. */
export interface FileResult {
  readonly source: string;
  readonly mutants: readonly Mutant[];
  /** Time for the mutants of this file, a share of its run's. */
  readonly seconds: number;
}

interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** A mutant that no test notices, named by what it changes, so that it is known again when the file around it changes. */
export interface Survivor {
  readonly file: string;
  /** The line where it starts, without its indentation. */
  readonly line: string;
  /** Which original is replaced with what, white space folded. */
  readonly change: string;
}

export const isKilled = ({ status }: Mutant): boolean => status === 'Killed' || status === 'Timeout';

/** The survivors of a file, in its order. */
export function survivorsOf(file: string, { source, mutants }: FileResult): Survivor[] {
  const lines = source.split('\n');
  return mutants
    .filter((mutant) => !isKilled(mutant))
    .sort((a, b) => a.location.start.line - b.location.start.line)
    .map(({ location, mutatorName, replacement }) => ({
      file,
      line: lines[location.start.line - 1]!.trim(),
      change: `${folded(textAt(lines, location))} → ${folded(replacement ?? mutatorName)}`,
    }));
}

function textAt(lines: readonly string[], { start, end }: Mutant['location']): string {
  const whole = lines.slice(start.line - 1, end.line).join('\n');
  const cut = lines[end.line - 1]!.length - (end.column - 1);
  return whole.slice(start.column - 1, whole.length - cut);
}

const folded = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 80);

/** Results are kept from run to run, one file each, so that a part may be run alone. */
export const resultPath = (folder: string, file: string): string =>
  join(folder, `${file.replaceAll('/', '--')}.json`);

/** The kept result of a file; none where it was never run, or where its source has changed since. */
export function keptResult(folder: string, root: string, file: string): FileResult | undefined {
  const path = resultPath(folder, file);
  if (!existsSync(path)) return undefined;
  const result = JSON.parse(readFileSync(path, 'utf8')) as FileResult;
  return result.source === readFileSync(join(root, file), 'utf8') ? result : undefined;
}
