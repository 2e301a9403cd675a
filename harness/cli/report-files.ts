import { appendFile } from 'node:fs/promises';
import type { Level, Report } from '../../reports/model';
import { writeFileSafely, WriteFileError } from '../safe-file';
import type { ReportFiles } from './options';
import type { CliContext } from './verb';

type Writer = (report: Report, failOn: readonly Level[]) => string;

/* eslint-disable @typescript-eslint/no-require-imports -- a CommonJS package loads a module when it is asked for by require */

/** Writers are loaded when asked for: the HTML one is large. */
const WRITERS: Readonly<Record<keyof ReportFiles, () => Writer>> = {
  json: () => (require('../../reports/json') as typeof import('../../reports/json')).writeJson,
  junit: () => {
    const { writeJUnit } = require('../../reports/junit') as typeof import('../../reports/junit');
    return (report, failOn) => writeJUnit(report, { failOn });
  },
  html: () => {
    const { writeHtml } = require('../../reports/html/report') as typeof import('../../reports/html/report');
    return (report, failOn) => writeHtml(report, { failOn });
  },
  markdown: () => {
    const { writeMarkdown } = require('../../reports/markdown') as typeof import('../../reports/markdown');
    return (report, failOn) => writeMarkdown(report, { failOn });
  },
};

/**
 * Writes a report in every form that was asked for; `-` is standard output.
 * @throws WriteFileError that names the file; the old one is intact
 */
export async function writeReports(
  report: Report,
  settings: { readonly reports: ReportFiles; readonly failOn: readonly Level[] },
  context: Pick<CliContext, 'stdout' | 'env'>,
): Promise<void> {
  if (context.env['GITHUB_ACTIONS'] === 'true') await tellGitHub(report, settings, context);
  for (const [form, load] of Object.entries(WRITERS) as [keyof ReportFiles, () => Writer][]) {
    const file = settings.reports[form];
    if (file === undefined) continue;
    const text = load()(report, settings.failOn);
    if (file === '-') context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    else await writeFileSafely(file, text);
  }
}

/** In a GitHub workflow, failures become annotations, and the report the summary of the job. */
async function tellGitHub(
  report: Report,
  { failOn, reports }: { readonly reports: ReportFiles; readonly failOn: readonly Level[] },
  { stdout, env }: Pick<CliContext, 'stdout' | 'env'>,
): Promise<void> {
  const { githubAnnotations } = require('../../reports/github') as typeof import('../../reports/github');
  // What goes to standard output as a report is no place for workflow commands.
  if (!Object.values(reports).includes('-')) stdout.write(githubAnnotations(report, { failOn }));
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary === undefined || summary === '') return;
  await appendFile(summary, WRITERS.markdown()(report, failOn)).catch((error: unknown) => {
    throw new WriteFileError(summary, error);
  });
}
