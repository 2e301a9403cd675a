import type { Fault } from '../../harness/lab-host';
import { startLabHost } from '../../harness/lab-host';
import { openTarget } from '../../harness/target';
import type { Result } from '../../reports/results/result';
import { CATALOGUE } from '../catalogue';
import { runOn, runWithFault } from './lab-run';

/** What the whole suite made of one fault. */
export interface KillRow {
  readonly fault: Fault;
  /** Requirements that failed. */
  readonly failed: readonly string[];
  /** Requirements that the fault names and that did not fail: none, where the suite is right. */
  readonly missed: readonly string[];
  /** Requirements that failed in one run on a new host without controls: those that the fault names, else others. */
  readonly blind: readonly string[];
  /** Why none of those that it names failed there, in the words of that run; empty where one did. */
  readonly whyNotBlind: string;
}

/** Scenarios that live for months by the clock are run against the faults that name them. */
const LIVES_FOR_MONTHS = /^LIFE-/;

/**
 * Runs every scenario, slow ones too where the fault names one, against a lab host with that fault; and once more, as most people have
 * their hosts, without a control.
 */
export async function killRow(fault: Fault): Promise<KillRow> {
  const failed = new Set<string>();
  const everything = CATALOGUE.filter(({ id, slow, noScenario }) => {
    const isNamed = fault.requirements.includes(id);
    return noScenario === undefined && slow !== true && (isNamed || !LIVES_FOR_MONTHS.test(id));
  }).map(({ id }) => id);
  const { results } = await runWithFault(fault, everything);
  for (const { id, outcome } of results) if (outcome === 'failed') failed.add(id);
  // A fault that kills the host hides what comes behind it, so each requirement that it names is also run alone.
  for (const id of fault.requirements.filter((one) => !failed.has(one))) {
    const alone = await runWithFault(fault, [id]);
    if (alone.results[0]!.outcome === 'failed') failed.add(id);
  }
  const ids = CATALOGUE.map(({ id }) => id as string).filter((id) => failed.has(id));
  const missed = fault.requirements.filter((id) => !failed.has(id));
  return { fault, failed: ids, missed, ...blindVerdict(fault, await runBlind(fault, everything), ids) };
}

/** Deadline of an answer, long enough for a good host on a busy machine. */
const BLIND_TIMEOUT_MS = 2000;

async function runBlind(fault: Fault, ids: readonly string[]): Promise<readonly Result[]> {
  const lab = await startLabHost({
    faults: [fault.name],
    ...(fault.keyGroup === undefined ? {} : { keyGroup: fault.keyGroup }),
    slowMs: BLIND_TIMEOUT_MS + 200,
    // Else its connections end by themselves, whatever it does of what makes others end them.
    ...(fault.requirements.includes('TIME-08') ? { idleCloseSeconds: 1 } : {}),
    bothFamilies: true,
  });
  const target = await openTarget({
    address: `localhost:${lab.port}`,
    keyGroup: fault.keyGroup,
    lookup: () => Promise.resolve(lab.addresses),
  });
  try {
    return (await runOn(target, { ids, timeoutMs: BLIND_TIMEOUT_MS })).results;
  } finally {
    await target.close();
    await lab.close();
  }
}

/**
 * @param results of the run without controls
 * @param caughtBy what failed with controls: where a requirement that the fault names passes without, because an input was left out that a
 * host bears for good, another one of these says so
 */
export function blindVerdict(
  { requirements }: Pick<Fault, 'requirements'>,
  results: readonly Pick<Result, 'id' | 'outcome' | 'reason'>[],
  caughtBy: readonly string[] = [],
): Pick<KillRow, 'blind' | 'whyNotBlind'> {
  const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  const named = failed.filter((id) => requirements.includes(id));
  if (named.length > 0) return { blind: named, whyNotBlind: '' };
  const why = [...requirements, ...caughtBy].map((id) => {
    const result = results.find((one) => one.id === id);
    return result?.outcome === 'passed' ? '' : `${id} ${result?.reason ?? 'takes long: it runs with --slow'}`;
  });
  return { blind: failed, whyNotBlind: why.find((sentence) => sentence !== '') ?? '' };
}

/** Not seen without controls, and nothing says why. */
export const isUnseen = ({ blind, whyNotBlind }: KillRow): boolean =>
  blind.length === 0 && whyNotBlind === '';

/** The kill matrix as docs/kill-matrix.md. */
export function killMatrixMarkdown(rows: readonly KillRow[]): string {
  const survivors = rows.filter(({ missed }) => missed.length > 0);
  const seen = rows.filter(({ whyNotBlind, blind }) => blind.length > 0 && whyNotBlind === '');
  const unseen = rows.filter(isUnseen);
  const lines = rows.map(({ fault, failed, blind, whyNotBlind }) => {
    const others = failed.filter((id) => !fault.requirements.includes(id));
    const cells = [
      fault.name,
      fault.sentence,
      fault.requirements.join(', '),
      shortened(others),
      shortened(blind),
    ];
    return `| ${[...cells, whyNotBlind].map(inCell).join(' | ')} |`;
  });
  return `# The kill matrix

Every fault that the lab host can have, run against the whole suite. Written by \`npm run kill-matrix\`; \`npm test\` runs each
fault against the requirements that it names. "Also" is what else turned red: a fault that breaks every answer breaks
most requirements. LIFE, whose fleets live for months by the host's clock, is run against the faults that name it.

"Blind" is what failed in one run on a new host that can be neither reset, restarted nor set forward, which is how most people have theirs.
Where none of the requirements that a fault names could be checked there, the last column says why, in the words of that run.

${rows.length} faults, ${survivors.length} not caught by what they name${named(survivors)}
${seen.length} of them are caught blind by what they name, ${unseen.length} are not and nothing says why${named(unseen)}

| fault | what the host does wrong | caught by | also | blind | why not blind |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}

const named = (rows: readonly KillRow[]): string =>
  rows.length === 0 ? '.' : `: ${rows.map(({ fault }) => fault.name).join(', ')}.`;

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

const SHOWN = 12;

function shortened(ids: readonly string[]): string {
  return ids.length <= SHOWN
    ? ids.join(', ')
    : `${ids.slice(0, SHOWN).join(', ')} and ${ids.length - SHOWN} more`;
}
