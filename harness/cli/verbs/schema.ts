import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { table } from '../output/table';
import {
  SCHEMA_FOLDER,
  SCHEMA_NAMES,
  schemaFile,
  type SchemaName,
  schemaSubject,
} from '../reference/schema-files';
import { schemaText } from '../reference/schemas';
import { EXIT, type Verb } from '../verb';

/** `kmsspec schema`: prints the JSON Schema of a kind of file, or tells which there are. */
export const verb: Verb = {
  configure(command) {
    command.addHelpText(
      'after',
      `\nNames: ${SCHEMA_NAMES.join(', ')}; all of them without one. Example: kmsspec schema config > config.schema.json`,
    );
  },
  choices: { name: SCHEMA_NAMES },
  run([name], _options, { stdout }) {
    stdout.write(name === undefined ? overview() : schemaText(known(name)));
    return Promise.resolve(EXIT.ok);
  },
};

const overview = (): string =>
  table(
    SCHEMA_NAMES.map((name) => ({
      name,
      for: schemaSubject(name),
      'file of the package': `${SCHEMA_FOLDER}/${schemaFile(name)}`,
    })),
    'text',
  );

function known(name: string): SchemaName {
  const found = SCHEMA_NAMES.find((one) => one === name);
  if (found !== undefined) return found;
  const near = suggest(name, SCHEMA_NAMES);
  const advice = near === undefined ? `one of ${SCHEMA_NAMES.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError(`there is no schema of ${name}: ${advice}`);
}
