import type { Command } from 'commander';
import { existsSync, realpathSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { anonymise, type AnonymiseReport } from '../../../captures';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { freshSeed } from '../../random';
import { checkWritable, WriteFileError } from '../../safe-file';
import { UsageError } from '../../usage-error';
import { wholeNumber } from '../option-values';
import { type CliContext, EXIT, type Verb } from '../verb';

interface AnonymiseFlags {
  readonly seed?: number;
  readonly port?: number;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec anonymise IN OUT`: rewrites names, CMIDs, addresses and ePIDs of a capture, the same always by the same. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option(
        '--seed <N>',
        'the same seed replaces the same by the same, in every capture',
        wholeNumber(0, 0x7fff_ffff),
      )
      .option('--port <PORT>', 'read connections with this port, and no others', wholeNumber(1, 65_535))
      .option('--strict', 'a warning about the capture is an error');
  },

  async run([input = '', output = ''], options, context): Promise<number> {
    const flags: AnonymiseFlags = options;
    const seed = flags.seed ?? freshSeed();
    const [from, to] = [resolve(context.cwd, input), resolve(context.cwd, output)];
    if (input === '-' || output === '-') {
      throw new UsageError(
        'anonymise reads its input twice and puts its output in place at the end: name files for both',
      );
    }
    refuseSameFile(from, to);
    await checkWritable(to);
    const report = await rewrite(from, to, seed, flags);
    tell(report, input, output, seed, flags, context);
    return flags.strict && report.warnings.length > 0 ? EXIT.usage : EXIT.ok;
  },
};

/** Writes aside, so that what stood at the output stays unless all went well. */
async function rewrite(
  from: string,
  to: string,
  seed: number,
  { port }: AnonymiseFlags,
): Promise<AnonymiseReport> {
  const aside = `${to}.tmp-${process.pid}`;
  try {
    const report = await anonymise(from, aside, { seed, ...(port === undefined ? {} : { port }) });
    await rename(aside, to);
    return report;
  } catch (error) {
    await rm(aside, { force: true });
    // Errors of the file system come from writing: those of reading are CaptureErrors.
    throw isSystemError(error) ? new WriteFileError(to, error) : error;
  }
}

const isSystemError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'Error' && 'syscall' in error;

function refuseSameFile(from: string, to: string): void {
  if (!existsSync(from) || !existsSync(to) || realpathSync(from) !== realpathSync(to)) return;
  throw new UsageError(`${to} is the input itself: name another output file`);
}

function tell(
  report: AnonymiseReport,
  input: string,
  output: string,
  seed: number,
  { quiet }: AnonymiseFlags,
  context: CliContext,
): void {
  for (const { offset, message } of report.warnings) {
    context.stderr.write(`kmsspec: ${escapeTerminal(`${input} at byte ${offset}: ${message}`)}\n`);
  }
  if (quiet) return;
  const { packets, leftOut, requests, responses, sealed, blanked } = report;
  const lines = [
    `${packets} packets written to ${output}, ${leftOut} of no KMS connection left out, seed ${seed}`,
    `rewritten: ${requests} requests, ${responses} responses; MACs are zeros`,
  ];
  if (sealed > 0)
    lines.push(`${sealed} sealed messages (5.0, 6.0) hold random bytes now: nobody can read them`);
  if (blanked > 0) lines.push(`${blanked} messages that do not decode are blank now`);
  context.stdout.write(`${lines.map(escapeTerminal).join('\n')}\n`);
}
