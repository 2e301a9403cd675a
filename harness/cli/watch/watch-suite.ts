import { join, resolve } from 'node:path';
import type { Report } from '../../../reports/results/model';
import type { Endpoint } from '../../client';
import { UsageError } from '../../support/usage-error';
import { parseTarget } from '../../target';
import { CONFIG_FILE } from '../../target/config/config-name';
import type { Settings } from '../options/options';
import { takesStandardOutput } from '../output/listing';
import { forgetScenarios } from '../pipeline/scenario-folder';
import type { CliContext } from '../verb';
import { watchRuns } from './watch-runs';
import { WatchedFiles } from './watched-files';
import { WatchedTarget } from './watched-target';

type Options = Readonly<Record<string, unknown>>;

/** Options of `run` that name a file or a folder which it reads. */
const READ = ['config', 'scenarios', 'baseline', 'macKey', 'profile'] as const;

/**
 * `run --watch`: runs again whenever a file that the command line names changes, or the host that was run against went away and is back.
 * @param settings of the command line; each run reads them anew
 * @param runOnce one run, which hands its report to `text`
 * @returns the exit code of the last run
 * @throws UsageError where there is nothing to watch, or where the lines of the runs could not go; what the first run throws
 */
export function watchSuite(
  options: Options,
  context: CliContext,
  settings: Settings,
  runOnce: (text: (report: Report) => string) => Promise<number>,
): Promise<number> {
  checkOptions(options, settings);
  let last: Report | null = null;
  const watched = [
    new WatchedFiles(namedFiles(options, settings, context)),
    new WatchedTarget(() => (last === null ? null : endpointOf(last, settings))),
  ];
  const once = async () => {
    let report: Report | null = null;
    if (typeof options['scenarios'] === 'string') forgetScenarios(options['scenarios'], context.cwd);
    const code = await runOnce((made) => {
      last = report = made;
      return '';
    });
    return { code, report };
  };
  return watchRuns(watched, once, context);
}

function checkOptions(options: Options, settings: Settings): void {
  if (options['updateBaseline'] === true) {
    throw new UsageError('--watch runs again when the baseline changes: leave out --update-baseline');
  }
  if (takesStandardOutput(settings)) {
    throw new UsageError('--watch writes a line a run to standard output: give reports and captures a file');
  }
  const isNamed = READ.some((name) => typeof options[name] === 'string');
  if (settings.target === undefined && settings.configFile === null && !isNamed) {
    throw new UsageError('--watch has nothing to watch: name --target, --config or --scenarios');
  }
}

/** What this command line reads; a name of a profile is no file, and a configuration that is not there may come. */
function namedFiles(
  options: Options,
  { config, configFile, configFolder }: Settings,
  { cwd }: CliContext,
): string[] {
  const named = READ.flatMap((name) => {
    const value = options[name];
    return typeof value === 'string' ? [resolve(cwd, value)] : [];
  });
  const found = options['config'] === undefined ? [configFile ?? join(cwd, CONFIG_FILE)] : [];
  const profile = config.profile === undefined ? [] : [resolve(configFolder, config.profile)];
  return [...new Set([...named, ...found, ...profile])];
}

/** Where the host of a run listens; null for the embedded host, which is another in each run. */
function endpointOf({ target }: Report, { allowRemote }: Settings): Endpoint | null {
  if (target.embedded) return null;
  const address = parseTarget(target.address);
  if (address.kind !== 'host') return null;
  const { host, port } = address;
  return allowRemote ? { host, port } : { host, port, loopbackOnly: true };
}
