import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportJsonSchema } from '../model';

/** Where the published schema stands. */
export const SCHEMA_FILE = join(__dirname, '..', 'schema', 'kmsspec.report.1.json');

/** Writes reports/schema from the code: `node -r ts-node/register reports/testing/write-schema.ts`. */
if (require.main === module) writeFileSync(SCHEMA_FILE, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
