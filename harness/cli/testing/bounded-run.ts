import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { processorSecondsOf } from '../../testing/processor-time';

/** What a process took, and how it ended. */
export interface Taken {
  /** null where it was killed for what it took. */
  readonly exitCode: number | null;
  /** Of the processor, all threads together: how busy the machine is else does not change it. */
  readonly cpuSeconds: number;
  /** The most memory that it held, of the system's count. */
  readonly peakMb: number;
  readonly stderr: string;
}

export interface Bounds {
  readonly cwd: string;
  /** A process that takes more of the processor is killed. */
  readonly cpuSeconds: number;
}

/** Told at the end by the process itself, as nothing is there to be read of one that has ended. */
const PEAK_AT_END = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));`,
)}`;
const LOOK_MS = 50;

/** Runs the built program, reads what it says on standard error alone, and measures it: in a process of its own. */
export function boundedRun(argv: readonly string[], { cwd, cpuSeconds: most }: Bounds): Promise<Taken> {
  const main = join(packageRoot(), 'dist/harness/cli/main.js');
  const child = spawn(process.execPath, ['--import', PEAK_AT_END, main, ...argv], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: '' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  let told = '';
  let seen: Usage = { peakKb: 0, cpuSeconds: 0 };
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text.slice(0, 2000)));
  child.stdio[3]!.on('data', (text: Buffer) => (told += text.toString()));
  const look = setInterval(() => {
    seen = usageOf(child.pid!) ?? seen;
    if (seen.cpuSeconds > most) child.kill('SIGKILL');
  }, LOOK_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      clearInterval(look);
      const { peakKb, cpuSeconds } = told === '' ? seen : toldUsage(told);
      resolve({ exitCode, cpuSeconds, peakMb: peakKb / 1024, stderr });
    });
  });
}

interface Usage {
  readonly peakKb: number;
  readonly cpuSeconds: number;
}

function toldUsage(told: string): Usage {
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(told) as NodeJS.ResourceUsage;
  return { peakKb: maxRSS, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
}

/** What a process that runs has taken until now; null where it has just ended. */
function usageOf(pid: number): Usage | null {
  try {
    const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return peak === undefined ? null : { peakKb: Number(peak), cpuSeconds: processorSecondsOf(pid) };
  } catch {
    return null;
  }
}
