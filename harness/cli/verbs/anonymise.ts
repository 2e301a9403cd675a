import type { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { anonymise, type AnonymiseReport } from '../../../captures';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { limitHeapGrowth } from '../../support/frugal-heap';
import { isSameFile } from '../../support/output-place';
import { readAtMost } from '../../support/read-at-most';
import { checkWritable, openSafely, WriteFileError } from '../../support/safe-file';
import { shownFile } from '../../support/shown-file';
import { UsageError } from '../../support/usage-error';
import { portList, wholeNumber } from '../options/option-values';
import { type CliContext, EXIT, type Verb } from '../verb';
import { problemOfReading } from '../../support/why-unreadable';

interface AnonymiseFlags {
  readonly secret?: string;
  readonly port?: number;
  readonly vxlanPort?: readonly number[];
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec anonymise IN OUT`: rewrites names, CMIDs, addresses and ePIDs of a capture, the same always by the same. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option(
        '--secret <FILE>',
        'the same file replaces the same by the same, in every capture; without it a secret of this run only',
      )
      .option('--port <PORT>', 'read connections with this port, and no others', wholeNumber(1, 65_535))
      .option('--vxlan-port <PORTS>', 'UDP ports that carry VXLAN besides 4789 and 8472', portList)
      .option('--strict', 'a warning about the capture is an error');
  },

  async run([input = '', output = ''], options, context): Promise<number> {
    const flags: AnonymiseFlags = options;
    const [from, to] = [resolve(context.cwd, input), resolve(context.cwd, output)];
    if (input === '-' || output === '-') {
      throw new UsageError(
        'anonymise reads its input twice and puts its output in place at the end: name files for both',
      );
    }
    refuseSameFile(from, to);
    await checkWritable(to);
    limitHeapGrowth();
    const report = await rewrite(from, to, await secretOf(flags, context), flags, context);
    tell(report, input, output, flags, context);
    return flags.strict && report.warnings.length > 0 ? EXIT.usage : EXIT.ok;
  },
};

/** The octets of the secret's file, or 128 random bits that are forgotten with the run. @throws UsageError */
async function secretOf({ secret }: AnonymiseFlags, { cwd }: CliContext): Promise<Uint8Array> {
  if (secret === undefined) return randomBytes(LEAST_SECRET);
  const file = resolve(cwd, secret);
  let problem: string;
  try {
    const content = await readAtMost(file, MOST_SECRET);
    if (content.length >= LEAST_SECRET) return content;
    problem = `has ${content.length} octets`;
  } catch (error) {
    problem = problemOfReading(error);
  }
  throw new UsageError(
    `the secret ${shownFile(secret)} ${problem}: give a file of ${LEAST_SECRET} to ${MOST_SECRET} random octets, such as: head -c 16 /dev/urandom > FILE`,
  );
}

/** 128 bits: a search for fewer ends. */
const LEAST_SECRET = 16;
const MOST_SECRET = 4096;

/** Writes aside, so that what stood at the output stays unless all went well. */
async function rewrite(
  from: string,
  to: string,
  secret: Uint8Array,
  { port, vxlanPort: vxlanPorts }: AnonymiseFlags,
  { signal }: CliContext,
): Promise<AnonymiseReport> {
  const output = await openSafely(to);
  const sink = { write: (bytes: Uint8Array) => output.write(bytes), close: () => undefined };
  try {
    const report = await anonymise(from, sink, { secret, port, vxlanPorts, signal });
    output.commit();
    return report;
  } catch (error) {
    output.discard();
    if (signal.aborted) throw new UsageError(`interrupted: ${to} was not written`, { cause: error });
    // Errors of the file system come from writing: those of reading are CaptureErrors.
    throw isSystemError(error) ? new WriteFileError(to, error) : error;
  }
}

const isSystemError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'Error' && 'syscall' in error;

function refuseSameFile(from: string, to: string): void {
  if (!isSameFile(from, to)) return;
  throw new UsageError(`${to} is the input itself: name another output file`);
}

function tell(
  report: AnonymiseReport,
  input: string,
  output: string,
  { quiet }: AnonymiseFlags,
  context: CliContext,
): void {
  for (const { offset, message } of report.warnings) {
    context.stderr.write(`kmsspec: ${escapeTerminal(`${input} at byte ${offset}: ${message}`)}\n`);
  }
  if (quiet) return;
  const { packets, leftOut, requests, responses, sealed, blanked } = report;
  const lines = [
    `${packets} packets written to ${output}, ${leftOut} of no KMS connection left out`,
    `rewritten: ${requests} requests, ${responses} responses; MACs are zeros`,
  ];
  if (sealed > 0)
    lines.push(`${sealed} sealed messages (5.0, 6.0) hold random bytes now: nobody can read them`);
  if (blanked > 0) lines.push(`${blanked} messages that do not decode are blank now`);
  context.stdout.write(`${lines.map(escapeTerminal).join('\n')}\n`);
}
