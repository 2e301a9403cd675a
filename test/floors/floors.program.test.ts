import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../harness/support/package-root';
import { drawFloors, floors } from './picture';

const run = promisify(execFile);
const ROOT = packageRoot();
const FOLDERS = ['protocol', 'captures', 'harness', 'scenarios', 'reports'];

interface Cruise {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Plants files, each with imports, in a tree of its own that the project's rules are held against. */
async function violationsOf(files: Readonly<Record<string, readonly string[]>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kmsspec-floors-'));
  try {
    for (const name of ['.dependency-cruiser.cjs', '.floors.json', 'tsconfig.json'])
      await cp(join(ROOT, name), join(folder, name));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, imports] of Object.entries(files)) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      const lines = imports.map((to) => {
        const from = to.includes('/') ? relative(dirname(file), to.replace(/\.ts$/, '')) : to;
        return `import '${to.includes('/') && !from.startsWith('.') ? `./${from}` : from}';\n`;
      });
      await writeFile(join(folder, file), lines.join(''));
    }
    for (const top of FOLDERS) await mkdir(join(folder, top), { recursive: true });
    const depcruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const { stdout } = await run(process.execPath, [depcruise, '--output-type', 'json', ...FOLDERS], {
      cwd: folder,
      maxBuffer: 1 << 26,
    }).catch((error: unknown) => error as { stdout: string });
    const { summary } = JSON.parse(stdout) as Cruise;
    const told = (to: string): string => (to.startsWith('..') ? resolve(folder, to) : to);
    return [...new Set(summary.violations.map(({ from, to }) => `${from} -> ${told(to)}`))].sort();
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('floors', function () {
  // Each plants some hundred files, and starts the lint on them.
  this.timeout(120_000);
  const table = floors();
  const rooms = Object.keys(table);

  it('refuse every import that the table does not allow, and no other', async () => {
    const planted = (room: string, to: string): string => `${room}/to-${to.replaceAll('/', '-')}.ts`;
    const home = (room: string): string => `${room}/home.ts`;
    const files: Record<string, string[]> = Object.fromEntries(rooms.map((room) => [home(room), []]));
    const forbidden: string[] = [];
    for (const from of rooms) {
      for (const to of rooms) {
        files[planted(from, to)] = [home(to)];
        if (from !== to && !table[from]!.includes(to)) forbidden.push(`${planted(from, to)} -> ${home(to)}`);
      }
    }
    expect(forbidden).to.have.length.above(80);
    expect(await violationsOf(files)).to.deep.equal(forbidden.sort());
  });

  it('refuse a job that imports another, circles, and what a folder does without', async () => {
    expect(
      await violationsOf({
        'harness/jobs/load/home.ts': [],
        'harness/jobs/stream/one.ts': ['harness/jobs/load/home.ts'],
        'harness/jobs/stream/two.ts': ['harness/jobs/stream/one.ts'],
        'protocol/a.ts': ['protocol/b.ts', 'node:net'],
        'protocol/b.ts': ['protocol/c.ts'],
        'protocol/c.ts': ['protocol/a.ts', 'fs'],
        'captures/c.ts': ['fs', 'dns'],
        'harness/model/d.ts': ['chai'],
      }),
    ).to.deep.equal([
      'captures/c.ts -> dns',
      'harness/jobs/stream/one.ts -> harness/jobs/load/home.ts',
      `harness/model/d.ts -> ${join(ROOT, 'node_modules/chai/index.js')}`,
      'protocol/a.ts -> net',
      'protocol/a.ts -> protocol/b.ts',
      'protocol/c.ts -> fs',
    ]);
  });

  it('are drawn in docs/architecture.md as the table has them (npm run floors)', async () => {
    const page = await readFile(join(ROOT, 'docs/architecture.md'), 'utf8');
    expect(page).to.include(`<!-- floors -->\n\n${drawFloors(table)}\n\n<!-- /floors -->`);
  });

  it('hold all files: at the roots of harness, its command line, jobs and reports lies what a root is for', async () => {
    const filesIn = async (folder: string): Promise<string[]> =>
      (await readdir(join(ROOT, folder), { withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ name }) => name);
    expect(await filesIn('harness')).to.deep.equal(['index.ts']);
    expect(await filesIn('harness/jobs')).to.deep.equal([]);
    expect(await filesIn('reports')).to.deep.equal(['index.ts']);
    expect(await filesIn('harness/cli')).to.have.members(['main.ts', 'program.ts', 'verb.ts', 'verbs.ts']);
  });
});
