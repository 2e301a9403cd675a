import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';
import { installedPackage } from './testing/installed-package';
import { CHANGES, type Vector } from './vectors/changes';

/** How many vectors a group has; a version that adds some says so here. */
const SIZES: Readonly<Record<string, number>> = {
  pdu: 860,
  stub: 471,
  message: 484,
  mac: 124,
  malformed: 626,
  call: 56,
  conversation: 100,
  grant: 330,
  counting: 172,
  history: 200,
};
const GROUPS = Object.keys(SIZES);
const ALL = Object.values(SIZES).reduce((sum, size) => sum + size);

/** What the decoder says of a folder. `-B`: it leaves no compiled modules in the repository. */
function decode(folder: string): { code: number | null; lines: string[]; stderr: string } {
  const decoder = join(packageRoot(), 'test/vectors/decode.py');
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-B', decoder, folder], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { code: status, lines: stdout.trim().split('\n'), stderr };
}

const idsIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => /^([a-z]+-\d{4}): /.exec(line)?.[1] ?? []);
const groupsIn = (lines: readonly string[]): string[] =>
  lines.filter((line) => /^[a-z]+: \d+ agree, \d+ differ$/.test(line));

function expectRefused(folder: string, why: string): void {
  const { code, stderr } = decode(folder);
  expect(code).to.equal(1);
  expect(stderr).to.include(why);
}

interface GroupFile {
  vectors: Vector[];
}

/** Changes vectors of a group in its file. @returns the ids of those that were changed */
function change(folder: string, group: string, which: (at: number) => boolean): string[] {
  const file = join(folder, `${group}.json`);
  const content = JSON.parse(readFileSync(file, 'utf8')) as GroupFile;
  const chosen = content.vectors.filter((_, at) => which(at));
  chosen.forEach((vector, at) => CHANGES[group]!(vector, at));
  writeFileSync(file, JSON.stringify(content));
  return chosen.map(({ id }) => id);
}

describe('the vectors, decoded by a program that was written from their pages alone', function () {
  this.timeout(300_000);
  let whole: string;
  let told: string;
  let copy: string;
  before(() => {
    const { folder, run } = installedPackage();
    told = run('npx', '--no-install', 'kmsspec', 'vectors', '--out', 'vectors');
    whole = join(folder, 'vectors');
  });
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'kmsspec-vectors-'));
    cpSync(whole, copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  it('agree with it, every one', () => {
    const lines = GROUPS.map((group) => `${group}: ${SIZES[group]} agree, 0 differ`);
    expect(decode(whole)).to.deep.equal({ code: 0, lines, stderr: '' });
    expect(readFileSync(join(packageRoot(), 'docs/vectors.md'), 'utf8')).to.include(lines.join('\n'));
    expect(ALL).to.be.least(2000);
    expect(told).to.include(`${ALL} vectors in `);
  });

  it('are told by their ids where one of each group was changed', () => {
    const changed = GROUPS.flatMap((group) => change(copy, group, (at) => at === SIZES[group]! >> 1));
    const { code, lines } = decode(copy);
    expect(code).to.equal(1);
    expect(idsIn(lines)).to.deep.equal(changed);
    expect(groupsIn(lines)).to.deep.equal(
      GROUPS.map((group) => `${group}: ${SIZES[group]! - 1} agree, 1 differ`),
    );
  });

  it('are told, every one, where all were changed', () => {
    const changed = GROUPS.flatMap((group) => change(copy, group, () => true));
    const { code, lines } = decode(copy);
    expect(code).to.equal(1);
    expect(idsIn(lines)).to.deep.equal(changed);
    expect(groupsIn(lines)).to.deep.equal(GROUPS.map((group) => `${group}: 0 agree, ${SIZES[group]} differ`));
  });

  it('are not taken for whole where a group is missing, empty, or one that it cannot decode', () => {
    cpSync(join(whole, 'mac.json'), join(copy, 'more.json'));
    expectRefused(copy, 'no decoder for more');
    rmSync(join(copy, 'more.json'));
    writeFileSync(join(copy, 'mac.json'), '{"schema":"kmsspec.vectors/1","group":"mac","vectors":[]}');
    expectRefused(copy, 'mac.json has no vectors');
    rmSync(join(copy, 'mac.json'));
    expectRefused(copy, 'mac.json');
  });
});
