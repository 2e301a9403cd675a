import { type ControlAnswer, parseSeconds, sendControl } from '../../lab-host/control';
import { UsageError } from '../../usage-error';
import { EXIT, type Verb } from '../verb';

/** As long as a control may take. */
const TIMEOUT_MS = 30_000;
/** A control port tells its host's status at once. */
const GREETING_MS = 1_500;

/** `kmsspec ctl`: the lab host's controls from another process (see `kmsspec host --control`). */
export const verb: Verb = {
  configure(command) {
    command.addHelpText(
      'after',
      '\nCommands: reset, restart, advance SECONDS, status. PORT is that of `kmsspec host --control PORT`.',
    );
  },

  async run(args, _options, context): Promise<number> {
    const port = parsePort(args[0]);
    const line = commandLine(args[1], args[2]);
    const answer = await throughControls(port, line);
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

/** What is no control port is found out by a question that one answers at once. */
async function throughControls(port: number, line: string): Promise<ControlAnswer> {
  const first = await sendControl(port, 'status', GREETING_MS);
  if (first.kind === 'unreachable') {
    const silent = first.problem.startsWith('no answer');
    return silent ? { ...first, problem: `${port} is no control port, ${first.problem}` } : first;
  }
  return line === 'status' ? first : sendControl(port, line, TIMEOUT_MS);
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
