import { escapeTerminal } from '../../reports/escape/terminal';
import { type CheckOptions, checkHost, type HostAddress, type HostCheck } from './check-host';

/** A host that does not conform, or of which nothing could be checked. `check` has every result, with evidence. */
export class NonConformance extends Error {
  constructor(readonly check: HostCheck) {
    super(messageOf(check));
    this.name = 'NonConformance';
  }
}

/**
 * For a test of one's own in any runner: passes where the host conforms.
 *
 *     await expectConforming('127.0.0.1:1688', ['MSG', 'RPC']);
 *
 * @param requirements as in `checkHost`
 * @returns what was checked, for assertions of one's own
 * @throws NonConformance for a failure that counts, a check that ended early, or one in which nothing was conclusive; what `checkHost` throws
 */
export async function expectConforming(
  host: HostAddress,
  requirements: readonly string[] = [],
  options: CheckOptions = {},
): Promise<HostCheck> {
  const check = await checkHost(host, requirements, options);
  if (!check.conforms) throw new NonConformance(check);
  return check;
}

function messageOf({ failures, results, seed, endedEarly }: HostCheck): string {
  const lines = failures.map(
    ({ id, level, title, outcome, message, reason }) =>
      `  ${id} (${level}) ${title}: ${message ?? reason ?? outcome}`,
  );
  const head =
    endedEarly !== undefined
      ? `the check ended early: ${endedEarly}`
      : failures.length > 0
        ? `the host does not conform: ${failures.length} of ${results.length} requirements`
        : `nothing was conclusive: ${results.map(({ id, reason }) => `${id} ${reason ?? ''}`.trim()).join('; ')}`;
  const again =
    failures.length === 0
      ? []
      : [`  the same again: kmsspec run ${failures.map(({ id }) => id).join(' ')} --seed ${seed}`];
  return [head, ...lines, ...again].map((line) => escapeTerminal(line)).join('\n');
}
