import { z } from 'zod';

/** Beyond what any run writes, and what a few hundred megabytes of memory hold. */
const MOST = { depth: 100, containers: 500_000, values: 4_000_000, keys: 200_000 } as const;

/**
 * As `JSON.parse`, of text that others made: what it holds is counted before anything is made of it.
 * @throws SyntaxError for what is no JSON, and for more values, or deeper ones, than any file of kmsspec holds
 */
export function parseBoundedJson(text: string): unknown {
  let depth = 0;
  let containers = 0;
  let values = 0;
  /** Of each object that is open: one of millions of keys takes some two hundred octets for each. */
  const keys = new Float64Array(MOST.depth + 2);
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfText(text, i);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (++depth > MOST.depth)
          throw tooMuch(`more than ${MOST.depth} lists and objects within each other`);
        if (++containers > MOST.containers) throw tooMuch(`more than ${MOST.containers} lists and objects`);
        keys[depth] = 0;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth = Math.max(0, depth - 1);
        break;
      case COLON:
        if (++keys[depth]! > MOST.keys) throw tooMuch(`an object of more than ${MOST.keys} keys`);
        break;
      case COMMA:
        if (++values > MOST.values) throw tooMuch(`more than ${MOST.values} values`);
        break;
    }
  }
  return JSON.parse(text);
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where a text ends that begins here: at a quote that an even number of backslashes stands before. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

const tooMuch = (what: string): SyntaxError => new SyntaxError(`it holds ${what}: no file of kmsspec does`);

/** What does not fit a schema. */
export interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export type Fitted<T> = { readonly data: T } | { readonly misfit: Misfit };

/**
 * Holds a value against a schema, to the first thing that does not fit: a schema library tells all that is wrong, and of a million wrong
 * items that is a gigabyte.
 */
export function fit<T>(
  schema: z.ZodType<T>,
  value: unknown,
  params?: z.core.ParseContext<z.core.$ZodIssue>,
): Fitted<T> {
  const misfit = firstMisfit(schema, value, params);
  if (misfit !== null) return { misfit };
  const parsed = schema.safeParse(value, params);
  if (parsed.success) return { data: parsed.data };
  return { misfit: firstOf(parsed.error) };
}

function firstOf({ issues }: z.ZodError): Misfit {
  // A key that is misspelt is told before the one that it leaves missing.
  const { path, message } = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  return { path, message };
}

/** The first item of a list that does not fit, however deep the list is. */
function firstMisfit(
  schema: z.ZodType,
  value: unknown,
  params?: z.core.ParseContext<z.core.$ZodIssue>,
): Misfit | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return firstMisfit(schema.unwrap() as z.ZodType, value, params);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const element = schema.element as z.ZodType;
    for (let i = 0; i < value.length; i++) {
      const misfit = misfitOf(element, value[i], params);
      if (misfit !== null) return { ...misfit, path: [i, ...misfit.path] };
    }
    return null;
  }
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return null;
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  for (const [key, inner] of Object.entries(shape)) {
    const misfit = firstMisfit(inner, (value as Record<string, unknown>)[key], params);
    if (misfit !== null) return { ...misfit, path: [key, ...misfit.path] };
  }
  return damagedKey(shape, value);
}

/**
 * A key of no meaning where one that may be left out is absent, and differs from it in a letter: what it says would be lost in silence,
 * such as that a run was interrupted. Any other key is of a later version, which may say more.
 */
function damagedKey(shape: Readonly<Record<string, z.ZodType>>, value: object): Misfit | null {
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(shape, key)) continue;
    // A backslash in place of a letter makes a control character of the next one.
    if (/[\u0000-\u001F]/.test(key)) return { path: [key], message: 'there is no such key' };
    const meant = Object.keys(shape).find(
      (known) => !Object.hasOwn(value, known) && isOneLetterOff(key, known),
    );
    if (meant !== undefined) return { path: [key], message: `there is no such key; is it ${meant}?` };
  }
  return null;
}

function isOneLetterOff(key: string, known: string): boolean {
  if (key.length !== known.length) return false;
  let different = 0;
  for (let i = 0; i < key.length; i++) if (key[i] !== known[i]) different++;
  return different === 1;
}

function misfitOf(
  schema: z.ZodType,
  value: unknown,
  params?: z.core.ParseContext<z.core.$ZodIssue>,
): Misfit | null {
  const within = firstMisfit(schema, value, params);
  if (within !== null) return within;
  const parsed = schema.safeParse(value, params);
  return parsed.success ? null : firstOf(parsed.error);
}
