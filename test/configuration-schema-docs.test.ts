import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keysMarkdown } from '../harness/cli/reference/configuration-markdown';
import { keyMeanings } from '../harness/support/meaning';
import { packageRoot } from '../harness/support/package-root';
import { configSchema, parseYaml } from '../harness/target/config';

const page = readFileSync(join(packageRoot(), 'docs/configuration.md'), 'utf8');

describe('docs/configuration.md', () => {
  it('has the table that kmsspec list configuration --format markdown prints', () => {
    expect(page).to.contain(keysMarkdown(keyMeanings(configSchema)));
    expect(keyMeanings(configSchema)).to.have.length.greaterThan(15);
  });

  it('shows a file that is read as it stands', () => {
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const { target, controls } = parseYaml(text, 'kmsspec.yaml', configSchema);
    expect(target).to.equal('127.0.0.1:1700');
    expect(Object.keys(controls ?? {})).to.deep.equal(['reset', 'restart', 'advanceClock']);
  });
});
