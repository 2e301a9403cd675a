import { readdir } from 'node:fs/promises';
import { conversationWords } from '../../../reports/evidence/pdu-words';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { wordsOf } from '../../cases/words';
import { type Finding, loadFinding } from '../../jobs/fuzz';
import { causesOf } from '../../jobs/fuzz/findings/causes';
import { UsageError } from '../../support/usage-error';
import { cited } from './cited';
import type { FindingExplanation } from './explanation';
import { markOffending } from './offending';
import { unusualFields, wrongFields } from './wrong-field';

/**
 * What a saved finding says: what was sent, what was expected by which clause, what came, and which findings beside it have the same cause.
 * @param out the folder that its folder lies in
 * @throws UsageError where there is none, or its file is damaged
 */
export async function explainFinding(out: string, id: string): Promise<FindingExplanation> {
  const { finding, folder, repeat, evidence } = await loadFinding(out, id);
  const { oracle, clause, differs, message, expected, received, reproduced, cases } = finding;
  const { seed, index, requests, shrunkFrom } = finding;
  const marked = markOffending(evidence, wrongFields({ differs }), unusualFields(cases));
  const words = conversationWords(marked.evidence);
  return {
    schema: 'kmsspec.explanation/1',
    kind: 'finding',
    finding: {
      ...{ id, oracle, message, expected, received, reproduced },
      ...{ seed, index, requests, shrunkFrom, folder },
    },
    requirement: cited(CATALOGUE.find((entry) => entry.id === clause)!),
    sent: wordsOf(cases),
    exchange: marked.evidence.map((pdu, at) => ({ ...pdu, words: words[at]! })),
    offending: [...marked.offending],
    repeat: [...repeat],
    ...(await grouped(out, finding)),
  };
}

/** Which finding of the folder stands for this one, and which it stands for. */
async function grouped(out: string, { id }: Finding): Promise<Pick<FindingExplanation, 'cause' | 'also'>> {
  const beside = await findingsIn(out);
  const causes = causesOf(beside);
  const cause = causes.get(id);
  const also = beside
    .filter((other) => causes.get(other.id) === id)
    .map((other) => ({ id: other.id, message: other.message }));
  return { ...(cause === undefined ? {} : { cause }), also };
}

/** All findings of a folder; what is none, or is damaged, is left out. */
async function findingsIn(out: string): Promise<Finding[]> {
  const entries = await readdir(out, { withFileTypes: true });
  const found: Finding[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    try {
      found.push((await loadFinding(out, entry.name)).finding);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return found;
}

/** The ids of what looks like a finding in a folder, for whoever misspelt one. */
export async function findingIds(out: string): Promise<string[]> {
  try {
    const entries = await readdir(out, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
