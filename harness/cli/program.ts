import { Command, CommanderError } from 'commander';
import { LocalLimits, lookForDescriptors } from '../support/local-limits';
import { UsageError } from '../support/usage-error';
import { addCommonOptions } from './options/common-options';
import { givenOptions } from './options/given-options';
import { outputGivenTwice, overwrittenInput } from './options/overwritten-input';
import { describeError } from './output/describe-error';
import { toolOf } from './output/tool';
import { holdsData, lossOf } from './output/lost-output';
import { OutputStream } from './output/output-stream';
import { type CliContext, EXIT, type Verb, type VerbEntry } from './verb';
import { VERBS } from './verbs';

/**
 * Runs one command line. Text for people passes the escape of the streams; an output stream that is lost ends nothing.
 * @returns the exit code; every failure is told on standard error in one or two lines
 */
export async function runCli(argv: readonly string[], outer: CliContext): Promise<number> {
  const stdout = new OutputStream(outer.stdout, { name: 'standard output', isTerminal: outer.color });
  const stderr = new OutputStream(outer.stderr, { name: 'standard error', isTerminal: outer.isTerminal });
  const limits = new LocalLimits();
  const { exitCode, verb } = await runVerb(argv, { ...outer, stdout, stderr, limits });
  await stdout.settled();
  const { code, told } = lossOf(stdout, exitCode, verb?.usageCode?.(argv));
  if (told !== null) stderr.write(`kmsspec: ${told}\n`);
  await stderr.settled();
  for (const stream of [stdout, stderr]) stream.release();
  return code;
}

async function runVerb(
  argv: readonly string[],
  context: CliContext & { readonly stdout: OutputStream },
): Promise<{ readonly exitCode: number; readonly verb: Verb | undefined }> {
  let verb: Verb | undefined;
  const exitCode = await runChosen(argv, context, (chosen) => (verb = chosen));
  return { exitCode, verb };
}

async function runChosen(
  argv: readonly string[],
  context: CliContext & { readonly stdout: OutputStream },
  choose: (verb: Verb) => void,
): Promise<number> {
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
      if (candidate.onlyComputes) context.leaveSignals?.();
      const { verb } = candidate.load();
      choose((chosen = verb));
      verb.configure(command);
      addCommonOptions(command);
      const given = givenOptions(command);
      command.action(async () => {
        const options = command.opts();
        if (holdsData(options)) context.stdout.holdData();
        const overwritten = outputGivenTwice(given) ?? overwrittenInput(command, context);
        if (overwritten !== null) throw new CommanderError(EXIT.usage, 'kmsspec.overwrites', overwritten);
        exitCode = await verb.run(command.args, options, { ...colored, given, verbs: VERBS });
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
      if (error.code === 'kmsspec.overwrites') context.stderr.write(`kmsspec: ${error.message}\n`);
      return chosen?.tellWrongUsage?.(error.message, argv, context) ?? EXIT.usage;
    }
    if (!(error instanceof UsageError)) lookForDescriptors();
    const described = describeError(error, context.limits?.met);
    context.stderr.write(`kmsspec: ${described.message}\n`);
    if (verbose && error instanceof Error) context.stderr.write(`${error.stack}\n`);
    return described.exitCode;
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('kmsspec')
    .description('Conformance harness and fuzzer for KMS hosts. It tests hosts; it activates nothing.')
    .version(toolOf().version)
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
