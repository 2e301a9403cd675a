import { hexDump } from '../../../reports/evidence/evidence-text';
import { headLine } from './exchange-lines';
import type { FindingExplanation } from './explanation';
import { sourceLines } from './requirement-lines';

/** What people read of a finding. */
export function findingLines(explained: FindingExplanation): string[] {
  const { finding, requirement, sent, repeat, cause, also } = explained;
  const { id, oracle, message, expected, received, reproduced, seed, index } = finding;
  const size = finding.requests === 1 ? '1 request' : `${finding.requests} requests`;
  return [
    `${id} (${oracle})${reproduced ? '' : ', seen once and not again'}: ${message}`,
    `breaks ${requirement.id} (${requirement.level}): the host ${requirement.title}`,
    ...sourceLines(requirement.sources),
    '',
    `what was sent, ${size} (shrunk from ${finding.shrunkFrom}; seed ${seed}, case ${index}):`,
    ...sent.map((step, at) => `  ${at + 1}. ${step}`),
    `expected: ${expected}`,
    `received: ${received}`,
    ...exchangeLines(explained),
    ...(repeat.length === 0 ? [] : ['', 'again:', ...repeat.map((line) => `  ${line}`)]),
    ...(cause === undefined ? [] : ['', `of the same cause as ${cause}, which is simpler: explain that one`]),
    ...(also.length === 0
      ? []
      : ['', 'of the same cause:', ...also.map((other) => `  ${other.id}: ${other.message}`)]),
  ];
}

/** The PDUs in words; those that it is about with their octets, and the fields that matter named. */
function exchangeLines({ exchange, offending, finding: { expected } }: FindingExplanation): string[] {
  if (exchange.length === 0) return ['', 'nothing was recorded of it'];
  const lines = exchange.flatMap((pdu, at) => {
    if (!offending.includes(at)) return [headLine(pdu, at)];
    const marked = (pdu.fields ?? []).filter((field) => field.marked === true);
    return [
      headLine(pdu, at),
      ...hexDump(pdu.hex)
        .split('\n')
        .map((row) => `     ${row}`),
      ...marked.map(({ path, offset, length, value }) => {
        const what = `${path} at offset ${offset} of the PDU, ${length} octets: ${value}`;
        return `   > ${pdu.direction === 'received' ? `${what}; expected ${expected}` : what}`;
      }),
    ];
  });
  return ['', 'as it was recorded when it was shown again:', ...lines];
}
