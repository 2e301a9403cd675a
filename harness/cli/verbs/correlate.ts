import type { Command } from 'commander';
import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readExchanges } from '../../../captures';
import { parseReport } from '../../../reports/model';
import {
  correlate,
  correlationToJson,
  countVerdicts,
  formatCorrelation,
  readEventLog,
  requestsOfCapture,
  requestsOfReport,
  type SeenRequests,
} from '../../events';
import { checkWritable, writeFileSafely } from '../../safe-file';
import { UsageError } from '../../usage-error';
import { type CliContext, EXIT, type Verb } from '../verb';

interface CorrelateOptions {
  readonly json?: string;
  readonly strict?: boolean;
}

/** `kmsspec correlate CAPTURE|REPORT EVENTS`: which requests the host logged, missed, or logged differently. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option('--json <FILE>', 'write the result as JSON (kmsspec.correlation/1); - is standard output')
      .option('--strict', 'a warning about an input file is an error')
      .addHelpText('after', HELP);
  },

  async run(args, options, context): Promise<number> {
    const chosen: CorrelateOptions = options;
    const [capture = '', events = ''] = args;
    if (chosen.json !== undefined && chosen.json !== '-')
      await checkWritable(resolve(context.cwd, chosen.json));
    const { seen, warnings } = await readSeen(resolve(context.cwd, capture));
    const log = await readEventLog(resolve(context.cwd, events));
    warn([...warnings, ...log.warnings], chosen, context);
    const correlation = correlate(seen.requests, log.events);
    const json = `${JSON.stringify(correlationToJson(correlation, seen.notComparable), null, 2)}\n`;
    if (chosen.json === '-') context.stdout.write(json);
    else context.stdout.write(formatCorrelation(correlation, seen.notComparable));
    if (chosen.json !== undefined && chosen.json !== '-') {
      await writeFileSafely(resolve(context.cwd, chosen.json), json);
    }
    if (correlation.requests.length === 0) return EXIT.inconclusive;
    const { loggedDifferently, missed } = countVerdicts(correlation);
    return loggedDifferently + missed > 0 ? EXIT.failed : EXIT.ok;
  },
};

const HELP = `
EVENTS is the log "Key Management Service" of the host: CSV of the Event Viewer or of Get-WinEvent | Export-Csv, or the XML of
  wevtutil qe "Key Management Service" /f:xml
Exit codes: 0 all logged, 1 some missed or logged differently, 4 nothing to compare.`;

const JSON_START = /^\s*\{/;
const SNIFFED_BYTES = 64;

async function readSeen(file: string): Promise<{ seen: SeenRequests; warnings: readonly string[] }> {
  if (JSON_START.test(await beginningOf(file))) {
    return { seen: requestsOfReport(parseReport(await readFile(file, 'utf8'), file)), warnings: [] };
  }
  const exchanges = readExchanges(file);
  const seen = await requestsOfCapture(exchanges);
  const warnings = (exchanges.report?.warnings ?? []).map(
    ({ offset, message }) => `${file}, offset ${offset}: ${message}`,
  );
  return { seen, warnings };
}

/** Captures may be large: only the first bytes tell what a file is. */
async function beginningOf(file: string): Promise<string> {
  try {
    const opened = await open(file);
    try {
      const { buffer, bytesRead } = await opened.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await opened.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read (${code ?? 'unknown error'}); name a capture or a report`);
  }
}

/** @throws UsageError with `--strict` */
function warn(warnings: readonly string[], { strict }: CorrelateOptions, context: CliContext): void {
  const [first] = warnings;
  if (first !== undefined && strict) throw new UsageError(`${first} (--strict)`);
  for (const warning of warnings) context.stderr.write(`kmsspec: warning: ${warning}\n`);
}
