import type { Command } from 'commander';
import { writeConsole } from '../../../reports/console/report';
import { exitCode } from '../../../reports/results/exit-code';
import { mergeReports } from '../../../reports/results/merge';
import { addReportOptions, reportFiles } from '../options/options';
import { DEFAULT_FAIL_ON } from '../../../reports/results/levels';
import { readReport } from '../output/read-report';
import { lostAfter } from '../output/lost-output';
import { takesStandardOutput } from '../output/listing';
import { writeReports } from '../output/report-files';
import { terminalWidth } from '../output/terminal-width';
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
    if (!takesStandardOutput({ reports: files })) {
      context.stdout.write(
        writeConsole(merged, { color: context.color, width: terminalWidth(context.stdout) }),
      );
    }
    const code = exitCode(merged);
    await writeReports(
      merged,
      { reports: files, failOn: merged.run.failOn ?? DEFAULT_FAIL_ON },
      context,
    ).catch(lostAfter(code));
    return code;
  },
};
