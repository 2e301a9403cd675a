import type { Command } from 'commander';
import { writeConsole } from '../../../reports/console/report';
import { exitCode } from '../../../reports/exit-code';
import { mergeReports } from '../../../reports/merge';
import { addReportOptions, reportFiles } from '../options';
import { DEFAULT_FAIL_ON } from '../../../reports/levels';
import { readReport } from '../read-report';
import { writeReports } from '../report-files';
import { terminalWidth } from '../terminal-width';
import type { CliContext, Verb } from '../verb';

/** One report out of the shards of a run; the exit code is that of the whole. */
export const verb: Verb = {
  configure(command: Command): void {
    addReportOptions(command);
  },

  async run(parts, options, context: CliContext): Promise<number> {
    const files = await reportFiles(options, context);
    const read = parts.map(async (where) => ({ where, report: await readReport(where, context) }));
    const merged = mergeReports(await Promise.all(read));
    if (!Object.values(files).includes('-')) {
      context.stdout.write(
        writeConsole(merged, { color: context.color, width: terminalWidth(context.stdout) }),
      );
    }
    await writeReports(merged, { reports: files, failOn: merged.run.failOn ?? DEFAULT_FAIL_ON }, context);
    return exitCode(merged);
  },
};
