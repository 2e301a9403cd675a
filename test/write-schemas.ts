import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_FOLDER, SCHEMA_NAMES, schemaFile } from '../harness/cli/reference/schema-files';
import { schemaText } from '../harness/cli/reference/schemas';
import { packageRoot } from '../harness/support/package-root';

/** `npm run schemas`: writes the published schemas from the code that reads such files. */
for (const name of SCHEMA_NAMES)
  writeFileSync(join(packageRoot(), SCHEMA_FOLDER, schemaFile(name)), schemaText(name));
