import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root';
import { describeError } from './describe-error';
import { type CliContext, EXIT, type Verb, type VerbEntry } from './verb';
import { VERBS } from './verbs';

/**
 * Runs one command line.
 * @returns the exit code; every failure is told on standard error in one or two lines
 */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  const verbose = argv.includes('--verbose');
  const colored = { ...context, argv, color: context.color && !argv.includes('--no-color') };
  let exitCode: number = EXIT.ok;
  let chosen: Verb | undefined;
  try {
    const program = createProgram(context);
    const words = withoutHelp(argv);
    const entry = VERBS.find(({ name }) => name === firstWord(words));
    for (const candidate of VERBS) {
      const command = program.command(usage(candidate)).description(candidate.summary);
      output(command, context);
      if (candidate !== entry) continue;
      const { verb } = candidate.load();
      chosen = verb;
      verb.configure(command);
      command
        .option('--quiet', 'results only, no progress')
        .option('--verbose', 'more detail; a stack trace with an error')
        .option('--no-color', 'no colours, as with NO_COLOR')
        .action(async () => {
          exitCode = await verb.run(command.args, command.opts(), colored);
        });
    }
    await program.parseAsync(words, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.excessArguments' && stream(argv)) {
      context.stderr.write(
        "kmsspec: a stream is one word: quote it, such as kmsspec stream 'server*15 client*45'\n",
      );
    }
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      return chosen?.tellWrongUsage?.(error.message, argv, context) ?? EXIT.usage;
    }
    const described = describeError(error);
    context.stderr.write(`kmsspec: ${described.message}\n`);
    if (verbose && error instanceof Error) context.stderr.write(`${error.stack}\n`);
    return described.exitCode;
  }
}

function createProgram(context: CliContext): Command {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  const program = new Command('kmsspec')
    .description('Conformance harness and fuzzer for KMS hosts. It tests hosts; it activates nothing.')
    .version(version)
    .showSuggestionAfterError(true)
    .showHelpAfterError('(kmsspec --help lists the verbs, kmsspec VERB --help their options)');
  output(program, context);
  return program;
}

/** Commander speaks through the context's streams, and throws instead of leaving the process. */
function output(command: Command, context: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
  });
}

const usage = ({ name, args }: VerbEntry): string => `${name} ${args}`.trim();

/** `help VERB` as `VERB --help`, which knows the verb's options; of a word that is no verb only the word, which is refused. */
function withoutHelp(argv: readonly string[]): string[] {
  const [help, verb] = argv;
  if (help !== 'help' || verb === undefined || verb.startsWith('-')) return [...argv];
  return VERBS.some(({ name }) => name === verb) ? [verb, '--help'] : [verb];
}

const stream = (argv: readonly string[]): boolean => firstWord(argv) === 'stream';

const firstWord = (argv: readonly string[]): string | undefined => argv.find((word) => !word.startsWith('-'));
