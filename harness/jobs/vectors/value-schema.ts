import { z } from 'zod';
import type { Extent, Field, Layout } from '../../../protocol';
import type { Value } from './plain/lay-out';

export const hexSchema = z.string().regex(/^([0-9a-f]{2})*$/);
const guidSchema = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const wholeSchema = z.string().regex(/^(0|[1-9][0-9]*)$/);

const made = new Map<Layout, z.ZodType<Value>>();

/** The schema of a structure's value as vectors have it, made from its table; one for each table. */
export function valueSchema(of: Layout): z.ZodType<Value> {
  const known = made.get(of);
  if (known !== undefined) return known;
  const fields = Object.entries(of.fields).map(([name, field]) => [
    name,
    fieldSchema(field).describe(field.doc),
  ]);
  const schema = z.strictObject(Object.fromEntries(fields) as Record<string, z.ZodType>) as z.ZodType;
  made.set(of, schema as z.ZodType<Value>);
  return schema as z.ZodType<Value>;
}

function fieldSchema(field: Field): z.ZodType {
  switch (field.kind) {
    case 'uint':
      return z
        .number()
        .int()
        .min(0)
        .max(2 ** (8 * field.size) - 1);
    case 'u64':
    case 'ndrUint':
      return wholeSchema;
    case 'guid':
      return guidSchema;
    case 'bytes':
      return octetsSchema(field.length);
    case 'padding':
      return hexSchema;
    case 'text':
      return z.union([z.string(), z.strictObject({ hex: hexSchema })]);
    case 'struct':
      return valueSchema(field.layout);
    case 'list':
      return z.array(valueSchema(field.layout));
  }
}

const octetsSchema = (length: Extent): z.ZodType =>
  typeof length === 'number' ? hexSchema.length(2 * length) : hexSchema;
