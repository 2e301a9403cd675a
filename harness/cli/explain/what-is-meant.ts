import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { CATALOGUE, SUITES } from '../../../scenarios/catalogue';
import type { RequirementEntry } from '../../jobs/suite/requirement-entry';
import { FAULTS } from '../../lab-host';
import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { findingFile, findingIds } from './explain-finding';

/** What a word on the command line names. */
export type Meant =
  | { readonly kind: 'requirement'; readonly entry: RequirementEntry }
  | { readonly kind: 'finding'; readonly out: string; readonly id: string };

/**
 * Tells a requirement from a finding: by its id, the path of its folder or of its file, or its id in the folder for findings.
 * @throws UsageError that suggests the nearest
 */
export async function whatIsMeant(word: string, out: string, cwd: string): Promise<Meant> {
  const entry = CATALOGUE.find(({ id }) => id === word.toUpperCase());
  if (entry !== undefined) return { kind: 'requirement', entry };
  const path = resolve(cwd, word);
  const folder = isFolder(path)
    ? path
    : basename(path) === 'finding.json' && existsSync(path)
      ? dirname(path)
      : null;
  if (folder !== null) return { kind: 'finding', out: dirname(folder), id: basename(folder) };
  const within = resolve(cwd, out);
  if (/^[\w-]+$/.test(word) && existsSync(findingFile(within, word)))
    return { kind: 'finding', out: within, id: word };
  throw unknown(word, await findingIds(within), out);
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

function unknown(word: string, findings: readonly string[], out: string): UsageError {
  const suite = word.toUpperCase();
  if (Object.hasOwn(SUITES, suite)) {
    const ids = CATALOGUE.map(({ id }) => id).filter((id) => id.startsWith(`${suite}-`));
    return new UsageError(`${suite} is a suite: name one of ${ids[0]} to ${ids.at(-1)}`);
  }
  const fault = FAULTS.find(({ name }) => name === word);
  if (fault !== undefined) {
    const caught = fault.requirements.map((id) => `kmsspec explain ${id}`).join(', ');
    const by = caught === '' ? 'the fuzzer finds it' : `caught by ${caught}`;
    return new UsageError(`${word} is a fault of the lab host, no requirement: ${by}`);
  }
  const near = suggest(word, [...CATALOGUE.map(({ id }) => id), ...findings]);
  const advice =
    near === undefined
      ? `kmsspec list names the requirements; findings lie in ${out}${findings.length === 0 ? '' : `: ${findings.join(', ')}`}`
      : `did you mean ${near}?`;
  return new UsageError(`there is no requirement and no finding ${word}: ${advice}`);
}
