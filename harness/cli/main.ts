#!/usr/bin/env node
import { Interruption } from './pipeline/interruption';
import { runCli } from './program';

const interruption = new Interruption(process);
interruption.listen();
void runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stderr.isTTY === true,
  color: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  signal: interruption.signal,
  leaveSignals: () => interruption.leave(),
}).then((code) => {
  process.exitCode = interruption.exitCode ?? code;
});
