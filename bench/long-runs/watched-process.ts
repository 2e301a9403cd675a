import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import type { Sample } from './sampler';

const MAIN = join(__dirname, '..', '..', 'dist', 'harness', 'cli', 'main.js');

/** A `kmsspec` in a process of its own that tells what it holds. */
export interface WatchedProcess {
  /** So far; grows while it runs. */
  readonly samples: readonly Sample[];
  readonly exitCode: Promise<number | null>;
  /** Standard output and standard error so far. */
  readonly said: () => string;
  stop(signal: 'SIGINT' | 'SIGTERM'): void;
}

/** Starts `kmsspec ARGV` in `folder`, with the sampler in it, and nothing else: no compiler and no test runner shares its memory. */
export function startWatched(argv: readonly string[], folder: string, periodMs: number): WatchedProcess {
  const child = spawn(process.execPath, ['--expose-gc', '-r', compiledSampler(folder), MAIN, ...argv], {
    cwd: folder,
    env: { ...process.env, KMSSPEC_SAMPLE_MS: String(periodMs) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const samples: Sample[] = [];
  child.on('message', (sample) => samples.push(sample as Sample));
  return {
    samples,
    exitCode: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code));
    }),
    said: () => said,
    stop: (signal) => void child.kill(signal),
  };
}

/** A program that Node loads before another is JavaScript. */
function compiledSampler(folder: string): string {
  const source = readFileSync(join(__dirname, 'sampler.ts'), 'utf8');
  const { outputText } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  const file = join(folder, 'sampler.cjs');
  writeFileSync(file, outputText);
  return file;
}

export interface WatchedHost extends WatchedProcess {
  readonly port: number;
  readonly controlPort: number;
}

const STARTED = /listening on \S*:(\d+), .*controls on port (\d+)/;

/** A lab host whose controls are open, watched as well. */
export async function startWatchedHost(folder: string, periodMs: number): Promise<WatchedHost> {
  const host = startWatched(['host', '--port', '0', '--control', '0'], folder, periodMs);
  let ended = false;
  void host.exitCode.then(() => (ended = true));
  while (!STARTED.test(host.said())) {
    if (ended) throw new Error(`the lab host did not start: ${host.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [, port, controlPort] = STARTED.exec(host.said())!;
  return { ...host, port: Number(port), controlPort: Number(controlPort) };
}

const CONTROLS = {
  reset: ['reset'],
  restart: ['restart'],
  advanceClock: ['advance', '{seconds}'],
} as const;
export type HostControl = keyof typeof CONTROLS;

/** The configuration that hands controls of a lab host to the harness, as those of any host are. */
export function configurationFor(
  { port, controlPort }: WatchedHost,
  controls: readonly HostControl[],
): string {
  const lines = controls.map((name) => {
    const words = [process.execPath, MAIN, 'ctl', String(controlPort), ...CONTROLS[name]];
    return `  ${name}: ${JSON.stringify(words)}`;
  });
  return [`target: 127.0.0.1:${port}`, 'controls:', ...lines, ''].join('\n');
}
