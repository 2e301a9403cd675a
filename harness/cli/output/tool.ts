import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../reports/results/model';
import { packageRoot } from '../../support/package-root';

let tool: Report['tool'] | undefined;

/** Name and version of this program, as reports have them: read once, since behind a limit of this machine no file can be. */
export function toolOf(): Report['tool'] {
  return (tool ??= readTool());
}

function readTool(): Report['tool'] {
  const { name, version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return { name, version };
}
