import { OUTCOME_WORDS } from '../../../reports/results/wording';
import { suiteOf } from '../../jobs/suite/requirement-entry';
import { exchangeLines } from './exchange-lines';
import type { RequirementExplanation } from './explanation';

type Run = NonNullable<RequirementExplanation['run']>;

/** What people read of a requirement. */
export function requirementLines(explained: RequirementExplanation): string[] {
  const { requirement, usually, needs, run, notRun, faults, repeat } = explained;
  const subject = suiteOf(requirement.id) === 'DNS' ? 'the domain' : 'the host';
  return [
    `${requirement.id} (${requirement.level}): ${subject} ${requirement.title}`,
    ...sourceLines(requirement.sources),
    ...(usually === undefined ? [] : [`usually: ${usually}`]),
    '',
    ...(needs.length === 0 ? ['any host can be checked for it, without controls'] : needs),
    `check a host: ${repeat}`,
    '',
    ...(run === undefined ? [`not run here: ${notRun}`] : runLines(run)),
    '',
    ...faultLines(faults),
  ];
}

export const sourceLines = (sources: RequirementExplanation['requirement']['sources']): string[] =>
  sources.map(({ citation, title }) => `source: ${citation}${title === undefined ? '' : ` (${title})`}`);

function runLines({ outcome, reason, seed, keyGroup, connections, exchange, leftOut, notes }: Run): string[] {
  const key = keyGroup === undefined ? '' : ` with a key of group ${keyGroup}`;
  const head = `the embedded lab host${key}, seed ${seed}`;
  if (outcome !== 'passed')
    return [
      `not checked against ${head}: ${OUTCOME_WORDS[outcome]}${reason === undefined ? '' : `, ${reason}`}`,
    ];
  const over = `${connections} ${connections === 1 ? 'connection' : 'connections'}`;
  return [
    `what is sent (→), and what a conforming host answers (←): ${head}, over ${over}`,
    ...notes.map((note) => `note: ${note}`),
    ...exchangeLines(exchange, leftOut),
  ];
}

function faultLines(faults: RequirementExplanation['faults']): string[] {
  const [first] = faults;
  if (first === undefined) return ['no fault of the lab host is there for it'];
  return [
    `catches ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} of the lab host:`,
    ...faults.map(({ name, sentence }) => `  ${name}: ${sentence}`),
    `see the first: ${first.repeat}`,
  ];
}
