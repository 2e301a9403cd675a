import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';
import { pack } from '../testing/installed-package';
import {
  type Component,
  contentFindings,
  type Findings,
  licenceFindings,
  linkFindings,
  type Manifest,
  ownerFindings,
  schemaFindings,
  versionFindings,
} from './findings';

const read = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');

/** What `npm pack` makes, twice: the same bytes, the right files, links that lead somewhere. */
function tarballFindings(folder: string): Findings {
  const [one, two] = [1, 2].map(() => {
    const file = pack(folder);
    return { file, sum: createHash('sha256').update(readFileSync(file)).digest('hex') };
  });
  const { file, sum } = one!;
  console.log(`tarball: sha256 ${sum}`);
  const inside = (...args: string[]): string =>
    execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 1e8 });
  const files = inside('tzf', file)
    .trim()
    .split('\n')
    .map((name) => name.replace(/^package\//, ''));
  return [
    ...(sum === two!.sum ? [] : ['two builds of the tarball differ: something in it is of the moment']),
    ...contentFindings(files),
    ...linkFindings(files, (name) => inside('xzOf', file, `package/${name}`)),
  ];
}

/** Known advisories of all dependencies. No answer is a finding too: nothing is released that was not looked up. */
function auditFindings(): Findings {
  const audit = spawnSync('npm', ['audit'], { cwd: packageRoot(), encoding: 'utf8' });
  if (audit.status === 0) return [];
  return [`npm audit found something, or got no answer:\n${(audit.stdout + audit.stderr).trim()}`];
}

/** Writes the parts of the package, as CycloneDX, beside the tarball, and looks at their licences. */
function billOfMaterialsFindings(): Findings {
  const sbom = execFileSync(
    'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--omit', 'peer', '--package-lock-only'],
    {
      cwd: packageRoot(),
      encoding: 'utf8',
      maxBuffer: 1e8,
    },
  );
  writeFileSync(join(packageRoot(), 'kmsspec.cdx.json'), sbom);
  const { components } = JSON.parse(sbom) as { components: Component[] };
  console.log(`kmsspec.cdx.json: ${components.length} parts`);
  return licenceFindings(components);
}

/** `npm run release:check`: all that a release must hold, apart from the tests. Exit code 1 with what is to do. */
function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-release-'));
  try {
    const manifest = JSON.parse(read('package.json')) as Manifest;
    const lock = JSON.parse(read('package-lock.json')) as Manifest;
    const findings = [
      ...ownerFindings(manifest),
      ...versionFindings(manifest, lock, read('CHANGELOG.md')),
      ...schemaFindings(packageRoot()),
      ...tarballFindings(folder),
      ...auditFindings(),
      ...billOfMaterialsFindings(),
    ];
    for (const finding of findings) console.error(`- ${finding}`);
    console.log(findings.length === 0 ? 'ready to be released' : `${findings.length} to do`);
    process.exitCode = findings.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main();
