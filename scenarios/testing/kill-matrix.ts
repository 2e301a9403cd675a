import type { Fault } from '../../harness/lab-host';
import { CATALOGUE } from '../catalogue';
import { runWithFault } from './lab-run';

/** What the whole suite made of one fault. */
export interface KillRow {
  readonly fault: Fault;
  /** Requirements that failed. */
  readonly failed: readonly string[];
  /** Requirements that the fault names and that did not fail: none, where the suite is right. */
  readonly missed: readonly string[];
}

/** Runs every scenario, slow ones too where the fault names one, against a lab host with that fault. */
export async function killRow(fault: Fault): Promise<KillRow> {
  const failed = new Set<string>();
  const everything = CATALOGUE.filter(({ slow, noScenario }) => slow !== true && noScenario === undefined);
  const { results } = await runWithFault(
    fault,
    everything.map(({ id }) => id),
  );
  for (const { id, outcome } of results) if (outcome === 'failed') failed.add(id);
  // A fault that kills the host hides what comes behind it, so each requirement that it names is also run alone.
  for (const id of fault.requirements.filter((one) => !failed.has(one))) {
    const alone = await runWithFault(fault, [id]);
    if (alone.results[0]!.outcome === 'failed') failed.add(id);
  }
  const ids = CATALOGUE.map(({ id }) => id as string).filter((id) => failed.has(id));
  return { fault, failed: ids, missed: fault.requirements.filter((id) => !failed.has(id)) };
}

/** The kill matrix as docs/kill-matrix.md. */
export function killMatrixMarkdown(rows: readonly KillRow[]): string {
  const survivors = rows.filter(({ missed }) => missed.length > 0);
  const lines = rows.map(({ fault, failed }) => {
    const others = failed.filter((id) => !fault.requirements.includes(id));
    return `| ${fault.name} | ${fault.sentence} | ${fault.requirements.join(', ')} | ${shortened(others)} |`;
  });
  return `# The kill matrix

Every fault that the lab host can have, run against the whole suite. Written by \`npm run kill-matrix\`; \`npm test\` runs each
fault against the requirements that it names. "Also" is what else turned red: a fault that breaks every answer breaks
most requirements.

${rows.length} faults, ${survivors.length} not caught by what they name${survivors.length === 0 ? '.' : `: ${survivors.map(({ fault }) => fault.name).join(', ')}.`}

| fault | what the host does wrong | caught by | also |
| --- | --- | --- | --- |
${lines.join('\n')}
`;
}

const SHOWN = 12;

function shortened(ids: readonly string[]): string {
  return ids.length <= SHOWN
    ? ids.join(', ')
    : `${ids.slice(0, SHOWN).join(', ')} and ${ids.length - SHOWN} more`;
}
