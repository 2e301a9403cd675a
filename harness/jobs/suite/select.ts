import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { type RequirementEntry, suiteOf } from './requirement-entry';

export interface Exclusion {
  /** Id, suite or glob. */
  readonly id: string;
  readonly reason: string;
}

/** Which requirements are checked. */
export interface SelectionOptions {
  /** Ids, suites or globs; all where there are none. */
  readonly words: readonly string[];
  readonly exclude: readonly Exclusion[];
  /** Ids, suites or globs that must be checked and hold; each is to be selected. */
  readonly require?: readonly string[];
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
  const { require = [], words, exclude } = options;
  for (const word of [...words, ...exclude.map(({ id }) => id), ...require]) checkWord(catalogue, word);
  for (const { id } of catalogue) checkRequired(id, require, words);
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
  return matchesGlob(wanted, have);
}

/**
 * In no more steps than the product of the lengths: of several stars only the last takes another run, as what stood before it has
 * matched for good.
 */
function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < text.length; ) {
    if (glob[at] === '*') {
      star = at++;
      resume = i;
    } else if (glob[at] === '?' || glob[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}

/** What is required and not selected could not be checked, whatever the host does. */
function checkRequired(id: string, require: readonly string[], words: readonly string[]): void {
  const isNamed = (some: readonly string[]): boolean => some.some((word) => matches(word, id));
  if (!isNamed(require) || words.length === 0 || isNamed(words)) return;
  throw new UsageError(`${id} is required and not selected: name it, or leave it out of --require`);
}

function checkId(catalogue: readonly RequirementEntry[], id: string, file: string): void {
  const ids = catalogue.map((entry) => entry.id);
  if (ids.includes(id)) return;
  const near = suggest(id, ids);
  const advice = near === undefined ? '`kmsspec list requirements` names them all' : `did you mean ${near}?`;
  throw new UsageError(`${file}: ${id} is an unknown requirement: ${advice}`);
}

function checkWord(catalogue: readonly RequirementEntry[], word: string): void {
  if (catalogue.some(({ id }) => matches(word, id))) return;
  const names = [...catalogue.map(({ id }) => id), ...new Set(catalogue.map(({ id }) => suiteOf(id)))];
  throw new UsageError(`${word} is an unknown requirement: ${adviceOn(word, names)}`);
}

/** What to write instead of a word that names no requirement. */
function adviceOn(word: string, names: readonly string[]): string {
  if (/[[\]{}]/.test(word)) return 'a glob takes * and ? alone, and several words may be given';
  const near = suggest(word, names);
  return near === undefined ? '`kmsspec list requirements` names them all' : `did you mean ${near}?`;
}
