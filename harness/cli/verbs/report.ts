import type { Command } from 'commander';
import { writeConsole } from '../../../reports/console/report';
import { exitCode } from '../../../reports/results/exit-code';
import { addReportOptions, reportFiles } from '../options/options';
import { levels } from '../options/option-values';
import { readReport } from '../output/read-report';
import { lostAfter } from '../output/lost-output';
import { takesStandardOutput } from '../output/listing';
import { writeReports } from '../output/report-files';
import { DEFAULT_FAIL_ON, type Level } from '../../../reports/results/levels';
import { terminalWidth } from '../output/terminal-width';
import type { CliContext, Verb } from '../verb';

/** Writes other formats from a saved result; the exit code is that of the run it tells of. */
export const verb: Verb = {
  configure(command: Command): void {
    addReportOptions(command).option(
      '--fail-on <LEVELS>',
      'levels that decide the exit code; as the run had them',
      levels,
    );
  },

  async run([file = ''], options, context: CliContext): Promise<number> {
    const report = await readReport(file, context);
    const failOn = options['failOn'] as readonly Level[] | undefined;
    const files = await reportFiles(options, context);
    if (!takesStandardOutput({ reports: files })) {
      context.stdout.write(
        writeConsole(report, {
          color: context.color,
          width: terminalWidth(context.stdout),
          ...(failOn && { failOn }),
        }),
      );
    }
    const code = exitCode(report, failOn === undefined ? {} : { failOn });
    await writeReports(
      report,
      { reports: files, failOn: failOn ?? report.run.failOn ?? DEFAULT_FAIL_ON },
      context,
    ).catch(lostAfter(code));
    return code;
  },
};
