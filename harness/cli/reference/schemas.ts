import { z } from 'zod';
import { reportSchema } from '../../../reports/results/model';
import { planSchema } from '../../jobs/fleet/plan-file';
import { historySchema } from '../../model/history/history-schema';
import { vectorFileSchema } from '../../jobs/vectors/vector-file';
import { baselineSchema } from '../../baseline/baseline';
import { configSchema, profileSchema } from '../../target/config';
import { explanationSchema } from '../explain/explanation';
import { type SchemaName, schemaVersion } from './schema-files';

const SCHEMAS: Readonly<Record<SchemaName, z.ZodType>> = {
  config: configSchema,
  baseline: baselineSchema,
  fleet: planSchema,
  profile: profileSchema,
  history: historySchema,
  report: reportSchema,
  vectors: vectorFileSchema,
  explanation: explanationSchema,
};

/** The JSON Schema (draft 2020-12) of a kind of file, as the package has it, made from what reads such files. */
export function jsonSchema(name: SchemaName): Record<string, unknown> {
  const made = z.toJSONSchema(SCHEMAS[name], {
    ...{ target: 'draft-2020-12', io: 'input', override: withMeaning },
    // The same structures stand in many places of the vectors.
    reused: name === 'vectors' ? 'ref' : 'inline',
  });
  return { $id: `urn:kmsspec:${name}:${schemaVersion(name)}`, ...made };
}

/** The text of its file. */
export const schemaText = (name: SchemaName): string => `${JSON.stringify(jsonSchema(name), null, 2)}\n`;

/** What holds without a key becomes part of what is said of it: editors show nothing else. */
function withMeaning({ jsonSchema: made }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { without, ...rest } = made as { without?: string; description?: string };
  if (without === undefined) return;
  delete (made as { without?: string }).without;
  made.description = `${rest.description}. Without it: ${without}`;
}
