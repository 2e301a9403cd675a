import { z } from 'zod';

/** What a key of a file is for. Documentation, the JSON Schema and the errors show it, each from here. */
export interface Meaning {
  /** Begins in lower case, has no full stop; Markdown's code spans are its only markup. */
  readonly description: string;
  /** What holds where the key is left out. */
  readonly without?: string | undefined;
}

/** The schema of a key, with what the key is for. */
export function meaning<T extends z.ZodType>(schema: T, description: string, without?: string): T {
  return schema.meta({ ...schema.meta(), description, ...(without === undefined ? {} : { without }) });
}

/** What a key was said to be for; undefined where nothing was. */
export function meaningOf(schema: z.ZodType): Meaning | undefined {
  const { description, without } = inner(schema).meta() ?? {};
  if (description === undefined) return undefined;
  return { description, without: without as string | undefined };
}

/** The schema of a value, whether or not it may be left out. */
export function inner(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? inner(schema.unwrap() as z.ZodType) : schema;
}

/** The schema of the value at a path into an object or a list; undefined where there is none. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = inner(schema);
  for (const key of path) {
    if (at instanceof z.ZodObject) at = (at.shape as Record<string, z.ZodType>)[String(key)];
    else if (at instanceof z.ZodArray) at = at.element as z.ZodType;
    else at = undefined;
    if (at === undefined) return undefined;
    at = inner(at);
  }
  return at;
}

/** A row of a table of keys. */
export interface KeyMeaning extends Meaning {
  /** Such as `controls.reset` or `exclude[].id`. */
  readonly path: string;
}

/**
 * Every value that a file of this schema can hold, in the schema's order.
 * @throws Error for a value that nothing is said of, so that none goes out undescribed
 */
export function keyMeanings(schema: z.ZodType, path = ''): KeyMeaning[] {
  const at = inner(schema);
  if (at instanceof z.ZodObject) {
    return Object.entries(at.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
      keyMeanings(value, path === '' ? key : `${path}.${key}`),
    );
  }
  if (at instanceof z.ZodArray && at.element instanceof z.ZodObject && meaningOf(at) === undefined)
    return keyMeanings(at.element, `${path}[]`);
  const said = meaningOf(at);
  if (said === undefined) throw new Error(`the key ${path} has no meaning: say it in its schema`);
  return [{ path, ...said }];
}
