import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';
import { drawFloors, floors } from './picture';

/** Draws the floors into docs/architecture.md: `npm run floors`. */
const page = join(packageRoot(), 'docs/architecture.md');
const text = readFileSync(page, 'utf8');
const picture = /(<!-- floors -->\n)[\s\S]*?(\n<!-- \/floors -->)/;
if (!picture.test(text)) throw new Error(`${page} has no place for the picture of the floors`);
writeFileSync(
  page,
  text.replace(picture, (_, before: string, after: string) => `${before}\n${drawFloors(floors())}\n${after}`),
);
