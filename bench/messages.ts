import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, FAULTS } from '../harness/lab-host';
import { packageRoot } from '../harness/support/package-root';
import { escapeMarkdown } from '../reports/escape/markdown';
import { runWithFault } from '../scenarios/testing/lab-run';

/**
 * `npm run messages`: what a reader is told of every fault of the lab host, by each requirement that it is there for, into
 * docs/messages.md; `npm run messages -- FAULT …` prints those alone.
 */

/** Both stand still, so that the times of a message are the same in each run; apart, so that it shows whose time the host sends. */
const clocks = {
  client: { now: () => Date.parse('2026-11-21T08:00:00.000Z') },
  host: { now: () => Date.parse('2026-11-21T08:00:01.500Z') },
};

const faults = FAULTS.filter(({ deep }) => deep === undefined);

async function messagesOf(fault: Fault): Promise<string[]> {
  const messages: string[] = [];
  for (const id of fault.requirements) {
    const [result] = (await runWithFault(fault, [id], clocks)).results;
    messages.push(`${id}: ${result!.message ?? `${result!.outcome}: ${result!.reason ?? ''}`}`);
  }
  return messages;
}

/** Without the ids of machines, which say nothing here. */
const steady = (message: string): string =>
  message.replace(/ \(CMID [0-9a-f-]{36}(, N_Policy \d+)?\)/g, ' (CMID …$1)');

async function main(only: readonly string[]): Promise<void> {
  const sections: string[] = [];
  for (const fault of faults.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const messages = await messagesOf(fault);
    console.log(
      [`${fault.name}: ${fault.sentence}`, ...messages.map((message) => `    ${message}`)].join('\n'),
    );
    const items = messages.map((message) => `- ${escapeMarkdown(steady(message))}`);
    sections.push(`**${fault.name}**: ${escapeMarkdown(fault.sentence)}\n\n${items.join('\n')}`);
  }
  if (only.length === 0) writeFileSync(join(packageRoot(), 'docs', 'messages.md'), page(sections));
}

const page = (sections: readonly string[]): string => `# What failures say

The message of each requirement for each fault of the lab host that it is there to catch, written by \`npm run messages\` for review. A
message says what was sent and what of it this step varied, what was expected with its bound, what came, where (an offset and what it
counts from), what usually causes it where that is known, and who says so. How they are worded is in \`harness/jobs/suite/wording/\`;
\`npm test\` holds every one of them to \`scenarios/testing/message-rules.ts\`.

${sections.join('\n\n')}
`;

if (require.main === module) void main(process.argv.slice(2));
