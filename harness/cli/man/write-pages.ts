import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { commandTree } from '../reference/command-tree';
import { VERBS } from '../verbs';
import { manualPages } from './page';

/** Writes the manual pages of the package into `folder`. `npm pack` runs it as a program, for dist/man. */
export function writeManualPages(folder: string): void {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of manualPages(commandTree(VERBS), version))
    writeFileSync(join(folder, file), text);
}

if (require.main === module) writeManualPages(join(packageRoot(), 'dist/man'));
