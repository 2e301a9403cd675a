import type { Command } from 'commander';
import { resolve } from 'node:path';
import {
  type CaptureReport,
  describeAttempt,
  describeExchange,
  readCapture,
  type TrafficReport,
} from '../../../captures';
import type { Exchange } from '../../../protocol';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { exchangeEventLine } from '../../jobs/events/format-events';
import { limitHeapGrowth } from '../../support/frugal-heap';
import { UsageError } from '../../support/usage-error';
import { checkStandardOutput, portList, wholeNumber } from '../options/option-values';
import {
  csvSink,
  jsonSink,
  type Lines,
  lineSink,
  type Sink,
  tableHeading,
  tableLines,
} from '../inspect/sinks';
import type { HistorySink } from '../inspect/history-sink';
import { lostAfter } from '../output/lost-output';
import { openOutput } from '../output/output';
import { counted, scrolls, whileTelling } from '../output/progress-line';
import { type CliContext, EXIT, type Verb } from '../verb';

/* eslint-disable @typescript-eslint/no-require-imports -- as verbs are, what few runs need is loaded when it is asked for */

interface InspectFlags {
  readonly json?: string;
  readonly csv?: string;
  readonly fields?: boolean;
  readonly events?: boolean;
  readonly attempts?: boolean;
  readonly history?: string;
  readonly vxlanPort?: readonly number[];
  readonly port?: number;
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec inspect`: lists the KMS exchanges in a capture, from a file or standard input, in bounded memory. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option('--json <FILE>', 'write the exchanges as JSON (kmsspec.exchanges/1); - is standard output')
      .option('--csv <FILE>', 'write the exchanges as CSV, a column a field; - is standard output')
      .option('--fields', 'every field of each exchange, a line each')
      .option('--events', 'each exchange as the line of event 12290 that a Windows host would log')
      .option('--attempts', 'only the tries to activate that got no answer, and what became of them')
      .option(
        '--history <FILE>',
        'write the requests as a history for check-history, and judge it; - is standard output',
      )
      .option('--vxlan-port <PORTS>', 'UDP ports that carry VXLAN besides 4789 and 8472', portList)
      .option('--port <PORT>', 'read connections with this port, and no others', wholeNumber(1, 65_535))
      .option('--strict', 'a warning about the capture is an error');
  },

  async run([file = ''], options, context): Promise<number> {
    const flags: InspectFlags = options;
    checkStandardOutput(['json', 'csv', 'history'], options);
    if ([flags.events, flags.fields, flags.attempts].filter((form) => form === true).length > 1) {
      throw new UsageError('--events, --fields and --attempts are forms of the same: choose one');
    }
    limitHeapGrowth();
    const sinks = await openSinks(flags, context);
    const history = await openHistory(flags, context);
    if (history !== undefined) sinks.push(history);
    let report: TrafficReport;
    const lost: unknown[] = [];
    try {
      const found = { exchanges: 0 };
      const told = counted('exchanges read', () => found.exchanges, Infinity);
      report = await whileTelling(context, flags.quiet === true || scrolls(context), told, () =>
        copy(file, flags, sinks, found, context),
      );
      // A form that cannot be written keeps none of the others from being.
      for (const sink of sinks) await sink.end(report).catch((error: unknown) => void lost.push(error));
    } catch (error) {
      for (const sink of sinks) await sink.output.discard();
      throw error;
    }
    const code = await conclude(report, flags, context, history);
    if (lost.length > 0) lostAfter(code)(lost[0]);
    return code;
  },
};

async function openSinks(flags: InspectFlags, context: CliContext): Promise<Sink[]> {
  const sinks: Sink[] = [];
  if (flags.json !== undefined) sinks.push(jsonSink(await openOutput(flags.json, context)));
  if (flags.csv !== undefined) sinks.push(csvSink(await openOutput(flags.csv, context)));
  if (flags.json === '-' || flags.csv === '-' || flags.history !== undefined || flags.quiet) return sinks;
  const text = await openOutput('-', context);
  if (flags.events) sinks.push(lineSink(text, '', EVENT_LINES));
  else if (flags.fields) sinks.push(lineSink(text, '', fieldLines()));
  else sinks.push(lineSink(text, tableHeading, tableLines(flags.attempts ?? false)));
  return sinks;
}

/** The checker of histories is loaded where one is asked for, so that the listing starts sooner. */
async function openHistory({ history }: InspectFlags, context: CliContext): Promise<HistorySink | undefined> {
  if (history === undefined) return undefined;
  const { HistorySink } = require('../inspect/history-sink') as typeof import('../inspect/history-sink');
  return new HistorySink(await openOutput(history, context));
}

const EVENT_LINES: Lines = { exchange: eventText, attempt: () => '', end: () => '' };

/** Every field of each exchange, and of what came to none what became of it. */
function fieldLines(): Lines {
  return {
    exchange: (exchange) => `${describeExchange(exchange).join('\n')}\n\n`,
    attempt: (attempt) => `${describeAttempt(attempt).join('\n')}\n\n`,
    end: () => '',
  };
}

/** What never came to the service is not logged, and has no line. */
function eventText(exchange: Exchange): string {
  const line = exchangeEventLine(exchange);
  return line === null ? '' : `${line}\n`;
}

async function copy(
  file: string,
  { port, vxlanPort: vxlanPorts }: InspectFlags,
  sinks: readonly Sink[],
  found: { exchanges: number },
  context: CliContext,
): Promise<TrafficReport> {
  const source = file === '-' ? context.stdin : resolve(context.cwd, file);
  const reader = readCapture(source, { name: file, port, vxlanPorts, signal: context.signal });
  for await (const item of reader) {
    if (item.kind === 'exchange') found.exchanges++;
    for (const sink of sinks) {
      if (item.kind === 'exchange') await sink.exchange(item.exchange);
      else await sink.attempt(item.attempt);
    }
    if (context.signal.aborted || (sinks.length > 0 && sinks.every(({ output }) => output.isLost))) break;
  }
  return reader.report!;
}

async function conclude(
  report: CaptureReport,
  flags: InspectFlags,
  context: CliContext,
  history: HistorySink | undefined,
): Promise<number> {
  for (const { offset, message } of report.warnings) {
    context.stderr.write(`kmsspec: ${escapeTerminal(`${report.file} at byte ${offset}: ${message}`)}\n`);
  }
  if (flags.strict && report.warnings.length > 0) return EXIT.usage;
  if (history === undefined) return EXIT.ok;
  const shown = flags.history === '-' ? { ...context, stdout: context.stderr } : context;
  const { tellHistory } = require('../output/history-told') as typeof import('../output/history-told');
  return tellHistory(history.checker, { name: report.file, htmlFile: undefined }, shown);
}
