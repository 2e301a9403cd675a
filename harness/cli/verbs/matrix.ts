import type { Command } from 'commander';
import { join, resolve } from 'node:path';
import { matrixSite, SITE_MARK, siteSize } from '../../../reports/matrix/site';
import type { Level } from '../../../reports/results/levels';
import type { Part } from '../../../reports/results/merge-part';
import { changesOf, runHistory, type RunHistory } from '../../../reports/results/run-history';
import { lockOutput } from '../../support/output-lock';
import { readAtMost, TooLargeError } from '../../support/read-at-most';
import { writeFileSafely } from '../../support/safe-file';
import { UsageError } from '../../support/usage-error';
import { levels, once } from '../options/option-values';
import { makeFolder } from '../output/make-folder';
import { counted, whileTelling } from '../output/progress-line';
import { readReport } from '../output/read-report';
import { type CliContext, EXIT, type Verb } from '../verb';

/** No page of a site is as large. */
const MAX_PAGE_BYTES = 64 << 20;

/** A static site from saved reports. It publishes what runs came to and judges nothing: the exit code is 0 where it was written. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .requiredOption('--out <DIR>', 'the folder of the site; index.html there is its first page', once)
      .option('--fail-on <LEVELS>', 'levels that decide the verdicts; as each run had them', levels)
      .addHelpText(
        'after',
        '\nREPORTS are what `run --json` wrote, of any hosts, versions and times, whole or in part. The exit code is 0 where the site was written, whatever the runs came to. badge.json is an endpoint of shields.',
      );
  },

  async run(files, options, context: CliContext): Promise<number> {
    const quiet = options['quiet'] === true;
    const parts: Part[] = [];
    const read = counted('reports read', () => parts.length, files.length);
    await whileTelling(context, quiet, read, async () => {
      for (const where of files) parts.push({ where, report: await readReport(where, context) });
    });
    const history = runHistory(parts);
    for (const { where, as } of history.twice) {
      context.stderr.write(`kmsspec: ${where} holds the same run as ${as}, which is counted once\n`);
    }
    const folder = resolve(context.cwd, String(options['out']));
    await prepareFolder(folder, String(options['out']));
    const failOn = options['failOn'] as readonly Level[] | undefined;
    let written = 0;
    const pages = counted('pages written', () => written, siteSize(history));
    // Pages of two sites in one folder would lead from one to the other.
    const lock = await lockOutput(folder);
    try {
      await whileTelling(context, quiet, pages, async () => {
        for (const { name, text } of matrixSite(history, failOn === undefined ? {} : { failOn })) {
          await writeFileSafely(join(folder, name), text);
          written += 1;
        }
      });
    } finally {
      await lock.release();
    }
    context.stdout.write(`${join(String(options['out']), 'index.html')}: ${inWords(history)}\n`);
    return EXIT.ok;
  },
};

/** Makes the folder, unless it holds a page of somebody else. @throws UsageError */
async function prepareFolder(folder: string, named: string): Promise<void> {
  await makeFolder(folder, '--out', named);
  const index = await readIndex(join(folder, 'index.html'));
  if (index.includes(SITE_MARK)) return;
  throw new UsageError(
    `--out ${named} holds an index.html that kmsspec matrix did not write: name another folder`,
  );
}

/** What is not there may be written; what no site has as its page is somebody else's. */
async function readIndex(file: string): Promise<string> {
  try {
    return (await readAtMost(file, MAX_PAGE_BYTES)).toString('utf8');
  } catch (error) {
    return error instanceof TooLargeError ? '' : SITE_MARK;
  }
}

function inWords({ hosts }: RunHistory): string {
  const sum = (of: (host: RunHistory['hosts'][number]) => number): number =>
    hosts.reduce((total, host) => total + of(host), 0);
  const ids = new Set(hosts.flatMap(({ requirements }) => requirements.map(({ id }) => id)));
  const broke = sum(
    (host) =>
      changesOf(host, host.runs.length - 1).filter(
        ({ group }) => group === 'newlyFailing' || group === 'changedFailure',
      ).length,
  );
  const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `${counted(hosts.length, 'host')}, ${counted(
    sum(({ runs }) => runs.length),
    'run',
  )}, ${counted(ids.size, 'requirement')}; ${broke} newly failing or failing in another way in the last run`;
}
