import { suggest } from '../config/suggest';
import { UsageError } from '../usage-error';
import { type RequirementEntry, suiteOf } from './requirement-entry';

export interface Exclusion {
  /** Id, suite or glob. */
  readonly id: string;
  readonly reason: string;
}

export interface SelectionOptions {
  /** Ids, suites or globs; all where there are none. */
  readonly words: readonly string[];
  readonly exclude: readonly Exclusion[];
  /** Take in what is slow. */
  readonly slow: boolean;
  readonly shard: { readonly index: number; readonly of: number } | null;
  /** Ids that a file names, such as a baseline: each must be a requirement. */
  readonly named?: { readonly file: string; readonly ids: readonly string[] };
}

export interface Selected {
  readonly entry: RequirementEntry;
  /** Why it is not run all the same. */
  readonly excluded?: string;
}

/**
 * Which requirements a run is about, in the order of the catalogue.
 * @throws UsageError for a word that names nothing, with the nearest that does
 */
export function selectRequirements(
  catalogue: readonly RequirementEntry[],
  options: SelectionOptions,
): Selected[] {
  for (const word of [...options.words, ...options.exclude.map(({ id }) => id)]) checkWord(catalogue, word);
  for (const id of options.named?.ids ?? []) checkId(catalogue, id, options.named!.file);
  const { shard } = options;
  return catalogue
    .filter((_, index) => shard === null || index % shard.of === shard.index - 1)
    .filter(({ id }) => options.words.length === 0 || options.words.some((word) => matches(word, id)))
    .map((entry) => {
      const excluded = exclusionOf(entry, options);
      return excluded === undefined ? { entry } : { entry, excluded };
    });
}

function exclusionOf(entry: RequirementEntry, options: SelectionOptions): string | undefined {
  const exclusion = options.exclude.find(({ id }) => matches(id, entry.id));
  if (exclusion !== undefined) return exclusion.reason;
  const named = options.words.some((word) => word.toUpperCase() === entry.id.toUpperCase());
  return entry.slow === true && !options.slow && !named ? 'it takes long: it runs with --slow' : undefined;
}

/** Whether an id, a suite or a glob (`*` and `?`) names a requirement. */
export function matches(word: string, id: string): boolean {
  const wanted = word.toUpperCase();
  const have = id.toUpperCase();
  if (!/[*?]/.test(wanted)) return wanted === have || wanted === suiteOf(have);
  const pattern = wanted
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${pattern}$`).test(have);
}

function checkId(catalogue: readonly RequirementEntry[], id: string, file: string): void {
  const ids = catalogue.map((entry) => entry.id);
  if (ids.includes(id)) return;
  const near = suggest(id, ids);
  const advice = near === undefined ? '`kmsspec list requirements` names them all' : `did you mean ${near}?`;
  throw new UsageError(`${file}: ${id} names no requirement: ${advice}`);
}

function checkWord(catalogue: readonly RequirementEntry[], word: string): void {
  if (catalogue.some(({ id }) => matches(word, id))) return;
  const names = [...catalogue.map(({ id }) => id), ...new Set(catalogue.map(({ id }) => suiteOf(id)))];
  const near = suggest(word, names);
  const advice = near === undefined ? '`kmsspec list requirements` names them all' : `did you mean ${near}?`;
  throw new UsageError(`${word} names no requirement: ${advice}`);
}
