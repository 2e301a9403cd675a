import { PROFILES, type ProfileName } from '../../harness/model/profile';
import { runSuite } from '../../harness/jobs/suite/run-suite';
import { openTarget } from '../../harness/target';
import type { Result } from '../../reports/results/result';
import { CATALOGUE } from '../catalogue';
import { scenarioFiles } from '../files';

/** How the suite is to find hosts by DNS, and what it is told of them. */
export interface DnsSetting {
  readonly domains?: readonly string[];
  /** ADDRESS:PORT of the server that is asked. */
  readonly dns?: string;
  readonly expectedHosts?: readonly string[];
  readonly profile?: ProfileName;
}

/** Runs requirements of the DNS suite beside a lab host of its own. @returns results by their ids */
export async function runDnsSuite(
  { domains, dns, expectedHosts, profile = 'win7-2008r2' }: DnsSetting,
  words: readonly string[],
): Promise<Map<string, Result>> {
  const target = await openTarget({ profile: PROFILES[profile] });
  try {
    const plan = {
      catalogue: CATALOGUE,
      selection: { words, exclude: [], slow: false, shard: null },
      files: scenarioFiles().filter((file) => /dns\.spec/.test(file)),
      timeoutMs: 2000,
      seed: 1,
      domains,
      dns,
      expectedHosts,
    };
    const { results } = await runSuite(plan, { target });
    return new Map(results.map((result) => [result.id, result]));
  } finally {
    await target.close();
  }
}
