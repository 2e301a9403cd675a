/** A document that others hand over: a small but real one, and what reads it. */
export interface OthersDocument {
  readonly name: string;
  readonly whole: Buffer;
  readonly isBinary?: true;
  /** Reads what has become of it as the verbs do. @throws anything that is no error of ours */
  readonly read: (bytes: Buffer) => Read | Promise<Read>;
  /** Why what was read of a beginning says more than the whole does; null where it does not. Without it, every beginning is refused. */
  readonly cutSaysMore?: (read: unknown, whole: unknown) => string | null;
  /** The same of a document of the same length in which one octet is another. Without it, it may say what it likes, by its schema. */
  readonly changedSaysMore?: (read: unknown, whole: unknown) => string | null;
}

export type Read = { readonly data: unknown } | { readonly refused: string };

type Kind = abstract new (...parts: never[]) => Error;

/** What `read` gives, or why it refuses, in an error of that kind that names the file. Other errors are defects. */
export function refusing(kind: Kind, file: string, read: () => unknown): Read {
  try {
    return { data: read() };
  } catch (error) {
    return refusedBy(kind, file, error);
  }
}

/** @throws what is no error of that kind, or names no file */
export function refusedBy(kind: Kind, file: string, error: unknown): Read {
  if (error instanceof kind && error.message.includes(file)) return { refused: error.message };
  throw error;
}

const plain = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

export const isOther = (read: unknown, whole: unknown): string | null =>
  plain(read) === plain(whole) ? null : `it says ${plain(read)}`;

/** Of a list: items that are not of the whole, in its order and each once. */
export function hasOthers(read: unknown, whole: unknown): string | null {
  const all = (whole as readonly unknown[]).map(plain);
  let at = 0;
  for (const item of (read as readonly unknown[]).map(plain)) {
    const found = all.indexOf(item, at);
    if (found < 0) return `it holds ${item}`;
    at = found + 1;
  }
  return null;
}

/** Of a document that may end anywhere: what is not a beginning of the whole, in lists, texts, numbers and words. */
export function isNoBeginning(read: unknown, whole: unknown): string | null {
  if (Array.isArray(read) && Array.isArray(whole)) {
    if (read.length > whole.length) return 'it has more items';
    return firstOf(read.map((item, i) => isNoBeginning(item, whole[i])));
  }
  if (isObject(read) && isObject(whole))
    return firstOf(Object.entries(read).map(([key, item]) => isNoBeginning(item, whole[key])));
  return read === null || unquoted(whole).startsWith(unquoted(read)) ? null : `it says ${plain(read)}`;
}

const unquoted = (value: unknown): string => (typeof value === 'string' ? value : plain(value));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const firstOf = (all: readonly (string | null)[]): string | null => all.find((one) => one !== null) ?? null;
