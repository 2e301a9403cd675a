import { resolve } from 'node:path';
import { parseReport, type Report } from '../../../reports/results/model';
import { readAtMost } from '../../support/read-at-most';
import { UsageError } from '../../support/usage-error';
import { problemOfReading } from '../../support/why-unreadable';
import type { CliContext } from '../verb';

/** A report larger than this is none that kmsspec wrote. */
const MAX_REPORT_BYTES = 256 << 20;

/**
 * Reads a saved JSON report.
 * @throws UsageError where the file cannot be read, ReportError where it is no report
 */
export async function readReport(file: string, context: Pick<CliContext, 'cwd'>): Promise<Report> {
  return parseReport(await readText(resolve(context.cwd, file), file), file);
}

async function readText(path: string, file: string): Promise<string> {
  try {
    return (await readAtMost(path, MAX_REPORT_BYTES)).toString('utf8');
  } catch (error) {
    throw new UsageError(`${file} ${problemOfReading(error)}: name a JSON report of kmsspec`, {
      cause: error,
    });
  }
}
