import { type Command, InvalidArgumentError } from 'commander';
import { comparisonExitCode, type Comparison, compareReports } from '../../../reports/compare';
import { DEFAULT_TOLERANCES } from '../../../reports/compare-measures';
import { writeComparisonConsole } from '../../../reports/comparison/console';
import { writeComparisonHtml } from '../../../reports/comparison/html';
import { writeComparisonMarkdown } from '../../../reports/comparison/markdown';
import type { Level } from '../../../reports/levels';
import { openOutput } from '../output';
import { levels } from '../option-values';
import { readReport } from '../read-report';
import type { CliContext, Verb } from '../verb';

const FORMS: Readonly<Record<string, (comparison: Comparison) => string>> = {
  json: (comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
  html: writeComparisonHtml,
  markdown: writeComparisonMarkdown,
};

/** What changed between two reports; a regression exits 1. */
export const verb: Verb = {
  configure(command: Command): void {
    const { counts, latencyPercent } = DEFAULT_TOLERANCES;
    command
      .option('--json <FILE>', 'write the comparison as JSON (kmsspec.comparison/1)')
      .option('--html <FILE>', 'write the comparison as a web page')
      .option('--markdown <FILE>', 'write the comparison as Markdown')
      .option('--fail-on <LEVELS>', 'levels whose failures are regressions; as the new run had them', levels)
      .option('--count-tolerance <N>', `machines by which a count may differ; ${counts}`, nonNegative)
      .option('--latency-tolerance <PERCENT>', `by which latency may grow; ${latencyPercent}`, nonNegative);
  },

  async run([older = '', newer = ''], options, context: CliContext): Promise<number> {
    const before = await readReport(older, context);
    const after = await readReport(newer, context);
    const comparison = compareReports(before, after, {
      ...given('failOn', options['failOn'] as readonly Level[] | undefined),
      ...given('counts', options['countTolerance'] as number | undefined),
      ...given('latencyPercent', options['latencyTolerance'] as number | undefined),
    });
    if (!Object.keys(FORMS).some((form) => options[form] === '-')) {
      context.stdout.write(writeComparisonConsole(comparison, { color: context.color }));
    }
    for (const [form, write] of Object.entries(FORMS)) {
      const file = options[form] as string | undefined;
      if (file !== undefined) await writeTo(file, write(comparison), context);
    }
    return comparisonExitCode(comparison);
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
