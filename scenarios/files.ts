import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The scenario files of this folder, absolute: `.js` where it is compiled, else `.ts`. */
export function scenarioFiles(folder: string = __dirname): string[] {
  return readdirSync(folder)
    .filter((name) => /\.spec\.(js|ts)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
