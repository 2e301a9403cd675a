import { jsonText } from '../../../reports/escape/json';
import type { Command } from 'commander';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readExchanges } from '../../../captures';
import { dnsLookup, lookUpDomain } from '../../target/discovery';
import {
  correlate,
  type Correlation,
  correlationToJson,
  countVerdicts,
  type EventLog,
  formatCorrelation,
  formatOtherEvents,
  type JudgedPublication,
  judgePublication,
  lastPublications,
  readEventLog,
  requestsOfCapture,
  requestsOfReport,
  type SeenRequests,
} from '../../jobs/events';
import { checkWritable, writeFileSafely } from '../../support/safe-file';
import { UsageError } from '../../support/usage-error';
import { lostAfter } from '../output/lost-output';
import { whileTelling } from '../output/progress-line';
import { readReport } from '../output/read-report';
import { type CliContext, EXIT, type Verb } from '../verb';
import { whyUnreadable } from '../../support/why-unreadable';

interface CorrelateOptions {
  readonly json?: string;
  readonly dns?: string;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec correlate CAPTURE|REPORT EVENTS`: which requests the host logged, missed, or logged differently. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option('--json <FILE>', 'write the result as JSON (kmsspec.correlation/1); - is standard output')
      .option(
        '--dns <SERVER[:PORT]>',
        'ask DNS for what the host says that it published (events 12293, 12294)',
      )
      .option('--strict', 'a warning about an input file is an error')
      .addHelpText('after', HELP);
  },

  async run(args, options, context): Promise<number> {
    const chosen: CorrelateOptions = options;
    const [capture = '', events = ''] = args;
    if (chosen.json !== undefined && chosen.json !== '-')
      await checkWritable(resolve(context.cwd, chosen.json));
    let doing = `reading ${capture}`;
    const find = async (): Promise<Found> => {
      const { seen, warnings } = await readSeen(resolve(context.cwd, capture), context);
      doing = `reading ${events}`;
      const log = await readEventLog(resolve(context.cwd, events));
      warn([...warnings, ...log.warnings], chosen, context);
      doing = 'asking DNS';
      const judged = await askZones(log, chosen);
      return { seen, log, judged, correlation: correlate(seen.requests, log) };
    };
    const found = await whileTelling(context, chosen.quiet === true, () => doing, find);
    const code = exitCodeOf(found);
    await report(found, chosen, context).catch(lostAfter(code));
    return code;
  },
};

const HELP = `
EVENTS is the log "Key Management Service" of the host: the .evtx itself, or exported as XML, CSV, JSON or text. Best is
  wevtutil epl "Key Management Service" kms.evtx
Exit codes: 0 all logged, 1 some missed or logged differently, 2 a file cannot be read, 4 nothing to compare, or the log does not tell.`;

interface Found {
  readonly seen: SeenRequests;
  readonly log: EventLog;
  readonly judged: readonly JudgedPublication[];
  readonly correlation: Correlation;
}

async function report(
  { seen, log, judged, correlation }: Found,
  chosen: CorrelateOptions,
  context: CliContext,
): Promise<void> {
  const { clientRequests, clientAnswers, publications } = log;
  const document = {
    ...correlationToJson(correlation, seen.notComparable),
    log: { format: log.format, events: log.events.length, unreadable: log.unreadable, others: log.others },
    clientRequests,
    clientAnswers,
    publications,
    ...(chosen.dns === undefined ? {} : { dns: judged }),
  };
  const json = `${jsonText(document, 2)}\n`;
  if (chosen.json === '-') context.stdout.write(json);
  else {
    context.stdout.write(formatCorrelation(correlation, seen.notComparable));
    context.stdout.write(formatOtherEvents(log, seen.requests, judged));
    if (log.events.length === 0) context.stdout.write(NO_REQUESTS);
  }
  if (chosen.json !== undefined && chosen.json !== '-') {
    await writeFileSafely(resolve(context.cwd, chosen.json), json);
  }
}

const NO_REQUESTS =
  'the log holds no event 12290: export the log "Key Management Service" of the host, not "Application", nor that of a client\n';

function exitCodeOf({ correlation, judged, log }: Found): number {
  const { loggedDifferently, missed, undecided } = countVerdicts(correlation);
  const isWrong = judged.some(({ verdict }) => verdict === 'not-as-logged' || verdict === 'not-published');
  if (loggedDifferently + missed > 0 || isWrong) return EXIT.failed;
  const isOpen = undecided > 0 || judged.some(({ verdict }) => verdict === 'undecided');
  const isCompared = correlation.requests.length > 0 && log.events.length > 0;
  return isOpen || !isCompared ? EXIT.inconclusive : EXIT.ok;
}

/** With `--dns`, what the zones have of the domains in which the host says that it published itself. */
async function askZones({ publications }: EventLog, { dns }: CorrelateOptions): Promise<JudgedPublication[]> {
  if (dns === undefined) return [];
  const lookup = dnsLookup({ server: dns });
  const judged: JudgedPublication[] = [];
  for (const publication of lastPublications(publications)) {
    const { srv, hosts, warnings } = await lookUpDomain(publication.domain, lookup);
    const zone = srv.kind === 'failed' ? { error: warnings.join('; ') } : { records: hosts };
    judged.push(judgePublication(publication, zone));
  }
  return judged;
}

const JSON_START = /^\s*\{/;
const SNIFFED_BYTES = 64;

async function readSeen(
  file: string,
  context: CliContext,
): Promise<{ seen: SeenRequests; warnings: readonly string[] }> {
  if (JSON_START.test(await beginningOf(file))) {
    return { seen: requestsOfReport(await readReport(file, context)), warnings: [] };
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
    throw new UsageError(`${file} cannot be read (${whyUnreadable(error)}); name a capture or a report`);
  }
}

/** @throws UsageError with `--strict` */
function warn(warnings: readonly string[], { strict }: CorrelateOptions, context: CliContext): void {
  const [first] = warnings;
  if (first !== undefined && strict) throw new UsageError(`${first} (--strict)`);
  for (const warning of warnings) context.stderr.write(`kmsspec: warning: ${warning}\n`);
}
