import type { Command } from 'commander';
import { resolve } from 'node:path';
import {
  type CaptureReport,
  captureToJson,
  csvHeader,
  csvLine,
  describeExchange,
  EXCHANGES_SCHEMA,
  exchangeToJson,
  readExchanges,
  tableHeader,
  tableRow,
} from '../../../captures';
import type { Exchange } from '../../../protocol';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { exchangeEventLine } from '../../events/format-events';
import { UsageError } from '../../usage-error';
import { wholeNumber } from '../option-values';
import { openOutput, type Output } from '../output';
import { type CliContext, EXIT, type Verb } from '../verb';

interface InspectFlags {
  readonly json?: string;
  readonly csv?: string;
  readonly fields?: boolean;
  readonly events?: boolean;
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
      .option('--port <PORT>', 'read connections with this port, and no others', wholeNumber(1, 65_535))
      .option('--strict', 'a warning about the capture is an error');
  },

  async run([file = ''], options, context): Promise<number> {
    const flags: InspectFlags = options;
    if (flags.json === '-' && flags.csv === '-') {
      throw new UsageError('only one of --json and --csv can go to standard output: give the other a file');
    }
    if (flags.events && flags.fields) throw new UsageError('--events and --fields are two forms: choose one');
    const sinks = await openSinks(flags, context);
    try {
      const report = await copy(file, flags, sinks, context);
      for (const sink of sinks) await sink.end(report);
      return conclude(report, flags, context);
    } catch (error) {
      for (const sink of sinks) await sink.output.discard();
      throw error;
    }
  },
};

/** One form in which exchanges are written as they come. */
interface Sink {
  readonly output: Output;
  exchange(exchange: Exchange): Promise<void>;
  end(report: CaptureReport): Promise<void>;
}

async function openSinks(flags: InspectFlags, context: CliContext): Promise<Sink[]> {
  const sinks: Sink[] = [];
  if (flags.json !== undefined) sinks.push(jsonSink(await openOutput(flags.json, context)));
  if (flags.csv !== undefined)
    sinks.push(lineSink(await openOutput(flags.csv, context), csvHeader(), csvLine));
  if (flags.json === '-' || flags.csv === '-' || flags.quiet) return sinks;
  const text = await openOutput('-', context);
  if (flags.events) sinks.push(lineSink(text, '', eventText));
  else
    sinks.push(
      flags.fields
        ? lineSink(text, '', (exchange) => `${describeExchange(exchange).join('\n')}\n\n`)
        : lineSink(text, `${tableHeader()}\n`, (exchange) => `${tableRow(exchange)}\n`),
    );
  return sinks;
}

/** What never came to the service is not logged, and has no line. */
function eventText(exchange: Exchange): string {
  const line = exchangeEventLine(exchange);
  return line === null ? '' : `${line}\n`;
}

/** The exchanges come first: what there is to say of the capture is known at its end only. */
function jsonSink(output: Output): Sink {
  let before = `{ "schema": ${JSON.stringify(EXCHANGES_SCHEMA)},\n  "exchanges": [\n`;
  return {
    output,
    async exchange(exchange) {
      await output.write(`${before}    ${JSON.stringify(exchangeToJson(exchange))}`);
      before = ',\n';
    },
    async end(report) {
      const opened = before === ',\n' ? '\n' : before;
      await output.write(`${opened}  ],\n  "capture": ${JSON.stringify(captureToJson(report))} }\n`);
      await output.finish();
    },
  };
}

/** Lines under a heading. What is no capture gets not even that. */
function lineSink(output: Output, heading: string, lines: (exchange: Exchange) => string): Sink {
  let before = heading;
  return {
    output,
    async exchange(exchange) {
      await output.write(before + lines(exchange));
      before = '';
    },
    async end() {
      if (before !== '') await output.write(before);
      await output.finish();
    },
  };
}

async function copy(
  file: string,
  { port }: InspectFlags,
  sinks: readonly Sink[],
  context: CliContext,
): Promise<CaptureReport> {
  const source = file === '-' ? context.stdin : resolve(context.cwd, file);
  const reader = readExchanges(source, { name: file, ...(port === undefined ? {} : { port }) });
  for await (const exchange of reader) {
    for (const sink of sinks) await sink.exchange(exchange);
    if (context.signal.aborted) break;
  }
  return reader.report!;
}

function conclude(report: CaptureReport, flags: InspectFlags, context: CliContext): number {
  for (const { offset, message } of report.warnings) {
    context.stderr.write(`kmsspec: ${escapeTerminal(`${report.file} at byte ${offset}: ${message}`)}\n`);
  }
  return flags.strict && report.warnings.length > 0 ? EXIT.usage : EXIT.ok;
}
