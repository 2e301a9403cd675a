import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../package-root';
import { KEY_GROUPS } from '../../protocol';
import { configSchema, parseYaml } from '.';

const page = readFileSync(join(packageRoot(), 'docs/configuration.md'), 'utf8');

/** `controls.reset`, `exclude[].id`: a path for each value that the schema takes. */
function pathsOf(schema: unknown, path: string): string[] {
  if (schema instanceof z.ZodOptional) return pathsOf(schema.unwrap(), path);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, inner]) =>
      pathsOf(inner, path === '' ? key : `${path}.${key}`),
    );
  }
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodObject) {
    return pathsOf(schema.element, `${path}[]`);
  }
  return [path];
}

describe('docs/configuration.md', () => {
  it('has every key of the schema in its table, in that order, and no other', () => {
    const documented = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key]) => key);
    expect(documented).to.deep.equal(pathsOf(configSchema, ''));
    expect(documented).to.have.length.greaterThan(15);
  });

  it('names every key group', () => {
    const row = page.split('\n').find((line) => line.startsWith('| `keyGroup`'));
    for (const group of [...KEY_GROUPS, 'any']) expect(row).to.contain(`\`${group}\``);
  });

  it('shows a file that is read as it stands', () => {
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const { target, controls } = parseYaml(text, 'kmsspec.yaml', configSchema);
    expect(target).to.equal('127.0.0.1:1700');
    expect(Object.keys(controls ?? {})).to.deep.equal(['reset', 'restart', 'advanceClock']);
  });
});
