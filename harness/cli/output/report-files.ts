import { appendFile } from 'node:fs/promises';
import type { Level, Report } from '../../../reports/results/model';
import { writeFileSafely, WriteFileError } from '../../support/safe-file';
import { writeAsIs } from './output-stream';
import { type FormFiles, takesStandardOutput } from './listing';
import type { ReportFiles } from '../options/options';
import type { CliContext } from '../verb';

type Writer = (report: Report, failOn: readonly Level[]) => string;

/* eslint-disable @typescript-eslint/no-require-imports -- a CommonJS package loads a module when it is asked for by require */

/** Writers are loaded when asked for: the HTML one is large. */
const WRITERS: Readonly<Record<keyof ReportFiles, () => Writer>> = {
  json: () =>
    (require('../../../reports/formats/json') as typeof import('../../../reports/formats/json')).writeJson,
  junit: () => {
    const { writeJUnit } =
      require('../../../reports/formats/junit') as typeof import('../../../reports/formats/junit');
    return (report, failOn) => writeJUnit(report, { failOn });
  },
  html: () => {
    const { writeHtml } =
      require('../../../reports/html/report') as typeof import('../../../reports/html/report');
    return (report, failOn) => writeHtml(report, { failOn });
  },
  markdown: () => {
    const { writeMarkdown } =
      require('../../../reports/markdown/markdown') as typeof import('../../../reports/markdown/markdown');
    return (report, failOn) => writeMarkdown(report, { failOn });
  },
};

/**
 * Writes a report in every form that was asked for, files before standard output (`-`). A form that cannot be written keeps none of the
 * others from being.
 * @throws WriteFileError that names the first file that was not written; the old one is intact
 */
export async function writeReports(
  report: Report,
  settings: FormFiles & { readonly failOn: readonly Level[] },
  context: Pick<CliContext, 'stdout' | 'env'>,
): Promise<void> {
  const lost: unknown[] = [];
  const keep = (error: unknown): void => void lost.push(error);
  for (const [form, load] of inOrder(settings.reports)) {
    const file = settings.reports[form]!;
    const text = load()(report, settings.failOn);
    if (file === '-') context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    else await writeFileSafely(file, text).catch(keep);
  }
  if (context.env['GITHUB_ACTIONS'] === 'true') await tellGitHub(report, settings, context).catch(keep);
  if (lost.length > 0) throw lost[0];
}

/** The forms that were asked for; what goes to standard output, whose reader may be gone, comes last. */
function inOrder(files: ReportFiles): [keyof ReportFiles, () => Writer][] {
  const forms = (Object.entries(WRITERS) as [keyof ReportFiles, () => Writer][]).filter(
    ([form]) => files[form] !== undefined,
  );
  const isLast = ([form]: [keyof ReportFiles, unknown]): boolean => files[form] === '-';
  return [...forms.filter((form) => !isLast(form)), ...forms.filter(isLast)];
}

/** In a GitHub workflow, failures become annotations, and the report the summary of the job. */
async function tellGitHub(
  report: Report,
  { failOn, reports, pcap }: FormFiles & { readonly failOn: readonly Level[] },
  { stdout, env }: Pick<CliContext, 'stdout' | 'env'>,
): Promise<void> {
  const { githubAnnotations } =
    require('../../../reports/formats/github') as typeof import('../../../reports/formats/github');
  // What goes to standard output as a report is no place for workflow commands.
  if (!takesStandardOutput({ reports, pcap })) writeAsIs(stdout, githubAnnotations(report, { failOn }));
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary === undefined || summary === '') return;
  await appendFile(summary, WRITERS.markdown()(report, failOn)).catch((error: unknown) => {
    throw new WriteFileError(summary, error);
  });
}
