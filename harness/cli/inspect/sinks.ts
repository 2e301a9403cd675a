import { jsonText } from '../../../reports/escape/json';
import {
  type Attempt,
  AttemptCounts,
  attemptRow,
  attemptToJson,
  captureToJson,
  csvAttempt,
  csvHeader,
  csvLine,
  EXCHANGES_SCHEMA,
  exchangeToJson,
  nothingHere,
  tableHeader,
  tableRow,
  type TrafficReport,
  trafficToJson,
} from '../../../captures';
import type { Exchange } from '../../../protocol';
import type { Output } from '../output/output';

/** One form in which what a capture holds is written as it comes. */
export interface Sink {
  readonly output: Output;
  exchange(exchange: Exchange): Promise<void>;
  attempt(attempt: Attempt): Promise<void>;
  end(report: TrafficReport): Promise<void>;
}

/** JSON that is still read whole: attempts come behind all exchanges, and so wait in memory. */
const MAX_JSON_ATTEMPTS = 50_000;

/** The exchanges come first: what there is to say of the capture is known at its end only. */
export function jsonSink(output: Output): Sink {
  let before = `{ "schema": ${JSON.stringify(EXCHANGES_SCHEMA)},\n  "exchanges": [\n`;
  const attempts: string[] = [];
  let leftOut = 0;
  return {
    output,
    async exchange(exchange) {
      await output.write(`${before}    ${jsonText(exchangeToJson(exchange))}`);
      before = ',\n';
    },
    attempt(attempt) {
      if (attempts.length < MAX_JSON_ATTEMPTS) attempts.push(`    ${jsonText(attemptToJson(attempt))}`);
      else leftOut++;
      return Promise.resolve();
    },
    async end(report) {
      await output.write(`${before === ',\n' ? '\n' : before}  ],\n`);
      await output.write('  "attempts": [');
      for (let i = 0; i < attempts.length; i++) await output.write(`${i === 0 ? '' : ','}\n${attempts[i]}`);
      await output.write('\n  ],\n');
      if (leftOut > 0) await output.write(`  "attemptsLeftOut": ${leftOut},\n`);
      await output.write(`  "traffic": ${jsonText(trafficToJson(report.traffic))},\n`);
      await output.write(`  "capture": ${jsonText(captureToJson(report))} }\n`);
      await output.finish();
    },
  };
}

export function csvSink(output: Output): Sink {
  return lineSink(output, csvHeader(), { exchange: csvLine, attempt: csvAttempt, end: () => '' });
}

/** How a form writes each thing: nothing where it writes none. */
export interface Lines {
  exchange(exchange: Exchange): string;
  attempt(attempt: Attempt): string;
  end(report: TrafficReport): string;
}

/** The table: attempts stand among the exchanges, and are counted at its end; a capture without either says what it holds. */
export function tableLines(attemptsOnly: boolean): Lines {
  const counts = new AttemptCounts();
  let exchanges = 0;
  return {
    exchange(exchange) {
      exchanges++;
      return attemptsOnly ? '' : `${tableRow(exchange)}\n`;
    },
    attempt(attempt) {
      counts.note(attempt);
      return `${attemptRow(attempt)}\n`;
    },
    end({ packets, traffic }) {
      const lines =
        counts.total > 0
          ? counts.lines(exchanges)
          : exchanges === 0
            ? nothingHere(packets, traffic)
            : attemptsOnly
              ? ['Every connection to a KMS host was answered.']
              : [];
      return lines.map((line) => `${line}\n`).join('');
    },
  };
}

export const tableHeading = `${tableHeader()}\n`;

/** Lines under a heading. What is no capture gets not even that. */
export function lineSink(output: Output, heading: string, lines: Lines): Sink {
  let before = heading;
  const write = async (text: string): Promise<void> => {
    if (text === '') return;
    await output.write(before + text);
    before = '';
  };
  return {
    output,
    exchange: (exchange) => write(lines.exchange(exchange)),
    attempt: (attempt) => write(lines.attempt(attempt)),
    async end(report) {
      const last = lines.end(report);
      if (before + last !== '') await output.write(before + last);
      await output.finish();
    },
  };
}
