import { type RequirementEntry, sourceOf, suiteOf } from '../../jobs/suite/requirement-entry';
import { markdown } from '../output/table';

const INTRODUCTION = `# Requirements

What \`kmsspec run\` checks a KMS host for. Ids are stable. Written by \`kmsspec list --format markdown\` from
\`scenarios/catalogue\`; a test holds this file against it.

Levels: MUST and SHOULD are stated by a source; DESIGN is what a dependable host does by this project's own
judgement; OBSERVED is what hosts were seen to do where no source speaks. By default MUST and DESIGN decide the exit code.
`;

/** The catalogue as docs/requirements.md: a table for each suite. */
export function requirementsMarkdown(
  catalogue: readonly RequirementEntry[],
  suites: Readonly<Record<string, string>>,
): string {
  const sections = Object.entries(suites).map(([suite, about]) => {
    const rows = catalogue
      .filter(({ id }) => suiteOf(id) === suite)
      .map((entry) => [entry.id, entry.level, entry.title + remark(entry), sourceOf(entry)]);
    const subject = suite === 'DNS' ? 'the domain …' : 'the host …';
    return `## ${suite}: ${about}\n\n${markdown(['id', 'level', subject, 'source'], rows)}`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function remark({ slow, noScenario }: RequirementEntry): string {
  if (noScenario !== undefined) return ` (no scenario: ${noScenario})`;
  return slow === true ? ' (with `--slow`)' : '';
}
