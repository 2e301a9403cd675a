import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { GROUP_NAMES, vectorFile, vectorFileText } from '../../jobs/vectors';
import { writeFileSafely } from '../../support/safe-file';
import { once } from '../options/option-values';
import { makeFolder } from '../output/make-folder';
import { table } from '../output/table';
import { schemaFile } from '../reference/schema-files';
import { schemaText } from '../reference/schemas';
import { type CliContext, EXIT, type Verb } from '../verb';

/** `kmsspec vectors --out DIR`: test vectors as JSON, a file a group, and their schema beside them. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .requiredOption('--out <DIR>', 'the folder of the files; what has their names is written over', once)
      .addHelpText(
        'after',
        '\nThe same vectors each time, from recordings, layouts and the counting model; docs/vectors.md tells how to read them.',
      );
  },

  async run(_args, options, { cwd, stdout }: CliContext): Promise<number> {
    const named = String(options['out']);
    const folder = resolve(cwd, named);
    await makeFolder(folder, '--out', named);
    const rows = [];
    for (const group of GROUP_NAMES) {
      const file = vectorFile(group);
      await writeFileSafely(join(folder, `${group}.json`), vectorFileText(file));
      rows.push({ file: `${group}.json`, vectors: file.vectors.length, 'what to do': file.about });
    }
    await writeFileSafely(join(folder, schemaFile('vectors')), schemaText('vectors'));
    const total = rows.reduce((sum, { vectors }) => sum + vectors, 0);
    stdout.write(
      `${table(rows, 'text')}${total} vectors in ${named}, and ${schemaFile('vectors')}, their schema\n`,
    );
    return EXIT.ok;
  },
};
