import type { KeyGroupSetting } from '../../protocol';
import { resultDecides } from '../../reports/results/exit-code';
import { DEFAULT_FAIL_ON, type Level } from '../../reports/results/levels';
import type { Result } from '../../reports/results/result';
import { summarise, type Summary } from '../../reports/results/summary';
import { CATALOGUE } from '../../scenarios/catalogue';
import { scenarioFiles } from '../../scenarios/files';
import { runSuite } from '../jobs/suite';
import { freshSeed } from '../support/random';
import { openTarget, type TargetControls } from '../target';

/** A host by its address, `HOST[:PORT]` (1688), or anything that has both, such as a lab host. */
export type HostAddress = string | { readonly address: string; readonly port: number };

/** What is known of the host beside its address, and what is asked of the check; every key may be left out. */
export interface CheckOptions {
  /** What can be done to the host beside the wire; a lab host that is handed in brings its own. */
  readonly controls?: TargetControls;
  /** What the host's key activates; `any` for every product. KEY cannot be checked without it. */
  readonly keyGroup?: KeyGroupSetting;
  /** Ids, suites and globs that must be checked and hold: inconclusive or untestable fails. None by default. */
  readonly require?: readonly string[];
  /** Levels whose failures count; MUST and DESIGN by default. */
  readonly failOn?: readonly Level[];
  /** Milliseconds for each answer; 15000 by default. */
  readonly timeoutMs?: number;
  /** All randomness comes from it; drawn without one, and told in the result. */
  readonly seed?: number;
  /** Needed for a host that is not this machine: it changes that host's count for 30 days. */
  readonly allowRemote?: boolean;
  /** Ends the check; what was not run is `not-run`. */
  readonly signal?: AbortSignal;
}

/** What a check came to. */
export interface HostCheck {
  /** True where something was checked, and no failure counts. */
  readonly conforms: boolean;
  /** One for each selected requirement, in the order of the catalogue. */
  readonly results: readonly Result[];
  /** Those of `results` that make `conforms` false. */
  readonly failures: readonly Result[];
  readonly summary: Summary;
  /** With it, the same check can be run again. */
  readonly seed: number;
  /** Where and why it ended before its time; undefined where it did not. */
  readonly endedEarly: string | undefined;
}

/**
 * Runs the scenarios of requirements against a host, as `kmsspec run` does.
 * @param requirements ids, suites and globs, such as `['MSG', 'CNT-0?']`; all requirements where it is empty
 * @throws UsageError for a word that names no requirement, or a host that is not this machine without `allowRemote`; HostFailure where its name has no address
 */
export async function checkHost(
  host: HostAddress,
  requirements: readonly string[] = [],
  options: CheckOptions = {},
): Promise<HostCheck> {
  const { keyGroup, require = [], failOn = DEFAULT_FAIL_ON, timeoutMs = 15_000, signal } = options;
  const seed = options.seed ?? freshSeed();
  const opened = await openTarget({
    address: typeof host === 'string' ? host : addressOf(host),
    keyGroup,
    allowRemote: options.allowRemote ?? false,
    timeoutMs,
    signal,
  });
  const target = { ...opened, controls: options.controls ?? controlsOf(host) };
  try {
    const { results, ended } = await runSuite(
      {
        catalogue: CATALOGUE,
        files: scenarioFiles(),
        selection: { words: requirements, exclude: [], require, slow: false, shard: null },
        ...{ seed, timeoutMs, allowRemote: options.allowRemote ?? false, grantsAny: keyGroup === 'any' },
      },
      { target },
      { signal },
    );
    return verdict({ results, failOn, seed, ended });
  } finally {
    await opened.close();
  }
}

const addressOf = ({ address, port }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** What a lab host brings along. */
const controlsOf = (host: HostAddress): TargetControls =>
  (host as { readonly controls?: TargetControls }).controls ?? {};

interface Outcome {
  readonly results: Result[];
  readonly failOn: readonly Level[];
  readonly seed: number;
  readonly ended: { readonly how: string; readonly message?: string | undefined };
}

function verdict({ results, failOn, seed, ended }: Outcome): HostCheck {
  const failures = results.filter((result) => resultDecides(result, failOn));
  const isConclusive = results.some(({ outcome }) => outcome === 'passed' || outcome === 'failed');
  const endedEarly = ended.how === 'complete' ? undefined : (ended.message ?? ended.how);
  const conforms = failures.length === 0 && isConclusive && endedEarly === undefined;
  return { conforms, results, failures, summary: summarise(results), seed, endedEarly };
}
