import { createInterface } from 'node:readline';
import { type ControlAnswer, parseSeconds, sendControl } from '../../lab-host/control';
import { UsageError } from '../../support/usage-error';
import { type CliContext, EXIT, type Verb } from '../verb';

/** As long as a control may take. */
const TIMEOUT_MS = 30_000;
/** A control port tells its host's status at once. */
const GREETING_MS = 1_500;

type Send = (line: string, timeoutMs: number) => Promise<ControlAnswer>;

/** `kmsspec ctl`: the lab host's controls from another process (see `kmsspec host --control`). */
export const verb: Verb = {
  configure(command) {
    command.option(
      '--token <TOKEN>',
      'token of the control port, from the line that host prints; by default from the file that host keeps for this user',
    );
    command.addHelpText(
      'after',
      '\nCommands: reset, restart, advance SECONDS, status; - takes them from standard input, a line each, as persistent controls do. PORT is that of `kmsspec host --control PORT`.',
    );
  },

  choices: { command: ['reset', 'restart', 'advance', 'status'] },

  async run(args, options, context): Promise<number> {
    const port = parsePort(args[0]);
    const token = parseToken(options['token'] as string | undefined);
    const send: Send = (line, timeoutMs) => sendControl(port, line, timeoutMs, token);
    if (args[1] === '-') return serveLines(send, args[2], context);
    const line = commandLine(args[1], args[2]);
    const answer = await throughControls(port, line, send);
    if (answer.kind === 'done') {
      if (answer.text !== '') context.stdout.write(`${answer.text}\n`);
      return EXIT.ok;
    }
    const advice =
      answer.kind === 'unreachable' ? `: start the host with \`kmsspec host --control ${port}\`` : '';
    context.stderr.write(`kmsspec: no ${line} through 127.0.0.1:${port}: ${answer.problem}${advice}\n`);
    return EXIT.unreachable;
  },
};

/** Each line of standard input is carried out, and answered by one: `ok`, `ok {…}` or `error …`. */
async function serveLines(send: Send, more: string | undefined, context: CliContext): Promise<number> {
  if (more !== undefined) throw new UsageError(`ctl: - takes no value, ${more} was given`);
  for await (const line of createInterface({ input: context.stdin, signal: context.signal })) {
    const command = line.trim() === 'observe' ? 'status' : line.trim();
    const answer = await send(command, TIMEOUT_MS);
    const said =
      answer.kind === 'done'
        ? `ok ${answer.text}`.trimEnd()
        : `error ${answer.problem.replaceAll('\n', ' ')}`;
    context.stdout.write(`${said}\n`);
  }
  return EXIT.ok;
}

/** What is no control port is found out by a question that one answers at once. */
async function throughControls(port: number, line: string, send: Send): Promise<ControlAnswer> {
  const first = await send('status', GREETING_MS);
  if (first.kind === 'unreachable') {
    const silent = first.problem.startsWith('no answer');
    return silent ? { ...first, problem: `${port} is no control port, ${first.problem}` } : first;
  }
  return line === 'status' ? first : send(line, TIMEOUT_MS);
}

/** What was typed is not shown: a token is a secret. */
function parseToken(word: string | undefined): string | undefined {
  if (word === undefined || /^[0-9a-f]{32}$/.test(word)) return word;
  throw new UsageError('ctl: --token takes the 32 digits of the line that `kmsspec host --control` prints');
}

function parsePort(word: string | undefined): number {
  const port = word !== undefined && /^\d+$/.test(word) ? Number(word) : 0;
  if (port >= 1 && port <= 65535) return port;
  throw new UsageError(`ctl: ${word ?? 'nothing'} is no port: give that of \`kmsspec host --control PORT\``);
}

/** What goes to the host, checked here so that a slip is told as one. */
function commandLine(command: string | undefined, value: string | undefined): string {
  switch (command) {
    case 'reset':
    case 'restart':
    case 'status':
      if (value !== undefined) throw new UsageError(`ctl: ${command} takes no value, ${value} was given`);
      return command;
    case 'advance':
      if (parseSeconds(value) === null) {
        throw new UsageError(`ctl: advance takes a number of seconds, 0 or more, not ${value ?? 'nothing'}`);
      }
      return `advance ${value}`;
    default:
      throw new UsageError(
        `ctl: ${command ?? 'nothing'} is no command: reset, restart, advance SECONDS or status`,
      );
  }
}
