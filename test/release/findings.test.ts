import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';
import {
  contentFindings,
  licenceFindings,
  linkFindings,
  ownerFindings,
  schemaFindings,
  versionFindings,
} from './findings';

const root = packageRoot();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('release:check', () => {
  it('asks the owner for what only the owner knows', () => {
    expect(ownerFindings({ version: '1.0.0' })).to.have.length(2);
    expect(ownerFindings({ version: '1.0.0', repository: 'x', bugs: 'y' })).to.deep.equal([]);
  });

  it('holds version, lockfile and changelog together', () => {
    const log = '# Changelog\n\n## Unreleased\n\n## 1.0.0\n\n- x\n';
    expect(versionFindings({ version: '1.0.0' }, { version: '1.0.0' }, log)).to.deep.equal([]);
    const wrong = versionFindings(
      { version: '1.1.0' },
      { version: '1.0.0' },
      log.replace('\n## 1', '- new\n\n## 1'),
    );
    expect(wrong.map((finding) => /^\S+/.exec(finding)![0])).to.deep.equal([
      'package-lock.json',
      'CHANGELOG.md',
      'CHANGELOG.md',
    ]);
  });

  it('finds schemas that drifted', () => {
    expect(schemaFindings(root)).to.deep.equal([]);
    expect(schemaFindings('/no/such/folder')[0]).to.match(/kmsspec\.config\.1\.json .*npm run schemas/);
  });

  it('finds links that lead out of the package, and files that should not be in it', () => {
    const pages: Record<string, string> = {
      'README.md': '[a](docs/a.md) [b](b.md#x) [c](x:y) [d](#e) [e](docs) [f](docs/)',
      'docs/a.md': '[back](../README.md) [out](../../x.md)',
    };
    expect(linkFindings(Object.keys(pages), (file) => pages[file]!)).to.have.length(2);
    expect(contentFindings(['dist/a.js', 'dist/a.test.js', 'dist/a.js.map', '.npmrc'])).to.have.length(3);
    const examples = ['mocha.test.mjs', '.npmrc', 'node_modules/a.js'].map(
      (name) => `examples/own-tests/${name}`,
    );
    expect(contentFindings(examples)).to.have.length(2);
  });

  it('finds no link of our pages that leads out of the package', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] };
    const shipped = files.filter((name) => !name.startsWith('!'));
    const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !/^(node_modules|\.git|dist|coverage)\b/.test(name),
    );
    const inside = all.filter(
      (name) =>
        /^(README\.md|LICENSE|package\.json)$/.test(name) ||
        shipped.some(
          (rule) =>
            name === rule || name.startsWith(`${rule}/`) || (rule.includes('*') && matches(rule, name)),
        ),
    );
    const kept = inside.filter(
      (name) => !files.some((rule) => rule.startsWith('!') && name.startsWith(rule.slice(1))),
    );
    expect(linkFindings(kept, (name) => read(name))).to.deep.equal([]);
  });

  it('knows the licence of every package that is installed with it, and asks about another', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { version: string; license?: string; dev?: boolean; peer?: boolean }>;
    };
    const shipped = Object.entries(packages).filter(([path, { dev, peer }]) => path !== '' && !dev && !peer);
    expect(shipped.length).to.be.greaterThan(10);
    const components = shipped.map(([name, { version, license }]) => ({
      name,
      version,
      licenses: license === undefined ? [] : [{ expression: license }],
    }));
    expect(licenceFindings(components)).to.deep.equal([]);
    const of = (...licenses: object[]) => licenceFindings([{ name: 'a', version: '1', licenses }]).length;
    expect(of({ license: { id: 'MIT' } }, { license: { id: 'ISC' } })).to.equal(0);
    expect([
      of(),
      of({ license: { name: 'mine' } }),
      of({ expression: '(MIT AND GPL-3.0-only)' }),
    ]).to.deep.equal([1, 1, 1]);
  });
});

const matches = (rule: string, name: string): boolean =>
  new RegExp(`^${rule.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(name);
