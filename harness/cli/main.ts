#!/usr/bin/env node
import { runCli } from './program';

const interruption = new AbortController();
let signalCode: number | null = null;

/** How long a verb may take to end and report once it was asked to. */
const ENDING_MS = 5000;

/** The first signal asks the verb to end and report what it has; the second, or time, ends the process. */
function onSignal(code: number): void {
  if (signalCode !== null) process.exit(code);
  signalCode = code;
  interruption.abort();
  const overdue = (): void => {
    process.stderr.write(
      `kmsspec: interrupted; what was under way did not end within ${ENDING_MS / 1000} s\n`,
    );
    process.exit(code);
  };
  setTimeout(overdue, ENDING_MS).unref();
}

process.on('SIGINT', () => onSignal(130));
process.on('SIGTERM', () => onSignal(143));
// A reader that goes away (`kmsspec inspect … | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stderr.isTTY === true,
  color: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  signal: interruption.signal,
}).then((code) => {
  process.exitCode = signalCode ?? code;
});
