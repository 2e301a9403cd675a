import { jsonText } from '../../../reports/escape/json';
import { type Command, InvalidArgumentError } from 'commander';
import { comparisonExitCode, type Comparison, compareReports } from '../../../reports/results/compare';
import { DEFAULT_TOLERANCES } from '../../../reports/results/compare-measures';
import { writeComparisonConsole } from '../../../reports/comparison/console';
import { writeComparisonHtml } from '../../../reports/comparison/html';
import { writeComparisonMarkdown } from '../../../reports/comparison/markdown';
import { checkComparable } from '../../../reports/results/comparable';
import type { Level } from '../../../reports/results/levels';
import { lostAfter } from '../output/lost-output';
import { openOutput } from '../output/output';
import { checkStandardOutput, levels, once } from '../options/option-values';
import { readReport } from '../output/read-report';
import type { CliContext, Verb } from '../verb';

const FORMS: Readonly<Record<string, (comparison: Comparison) => string>> = {
  json: (comparison) => `${jsonText(comparison, 2)}\n`,
  html: writeComparisonHtml,
  markdown: writeComparisonMarkdown,
};

/** What changed between two reports; a regression exits 1. */
export const verb: Verb = {
  configure(command: Command): void {
    const { counts, latencyPercent } = DEFAULT_TOLERANCES;
    command
      .option('--json <FILE>', 'write the comparison as JSON (kmsspec.comparison/1)', once)
      .option('--html <FILE>', 'write the comparison as a web page', once)
      .option('--markdown <FILE>', 'write the comparison as Markdown', once)
      .option('--fail-on <LEVELS>', 'levels whose failures are regressions; as the new run had them', levels)
      .option('--count-tolerance <N>', `machines by which a count may differ; ${counts}`, nonNegative)
      .option('--latency-tolerance <PERCENT>', `by which latency may grow; ${latencyPercent}`, nonNegative);
  },

  async run([older = '', newer = ''], options, context: CliContext): Promise<number> {
    checkStandardOutput(Object.keys(FORMS), options);
    const before = await readReport(older, context);
    const after = await readReport(newer, context);
    for (const doubt of checkComparable({ report: before, where: older }, { report: after, where: newer })) {
      context.stderr.write(`kmsspec: ${doubt}\n`);
    }
    const comparison = compareReports(before, after, {
      ...given('failOn', options['failOn'] as readonly Level[] | undefined),
      ...given('counts', options['countTolerance'] as number | undefined),
      ...given('latencyPercent', options['latencyTolerance'] as number | undefined),
    });
    if (!Object.keys(FORMS).some((form) => options[form] === '-')) {
      context.stdout.write(writeComparisonConsole(comparison, { color: context.color }));
    }
    const code = comparisonExitCode(comparison);
    const lost: unknown[] = [];
    for (const [form, write] of Object.entries(FORMS)) {
      const file = options[form] as string | undefined;
      // A form that cannot be written keeps none of the others from being.
      if (file !== undefined)
        await writeTo(file, write(comparison), context).catch((error: unknown) => void lost.push(error));
    }
    if (lost.length > 0) lostAfter(code)(lost[0]);
    return code;
  },
};

async function writeTo(file: string, text: string, context: CliContext): Promise<void> {
  const output = await openOutput(file, context);
  await output.write(text);
  await output.finish();
}

/** An option that was not given is left to its default. */
function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}

function nonNegative(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected a number from 0.');
}
