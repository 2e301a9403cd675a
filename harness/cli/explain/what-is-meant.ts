import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CATALOGUE, SUITES } from '../../../scenarios/catalogue';
import type { RequirementEntry } from '../../jobs/suite/requirement-entry';
import { FAULTS } from '../../lab-host';
import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { DIFFERENCE_FILE } from './explain-difference';
import { findingIds } from './explain-finding';

/** What a word on the command line names. */
export type Meant =
  | { readonly kind: 'requirement'; readonly entry: RequirementEntry }
  | { readonly kind: 'finding'; readonly out: string; readonly id: string }
  | { readonly kind: 'difference'; readonly folder: string };

/**
 * Tells a requirement from a finding, and from a difference of two hosts: by its id, the path of its folder or of its file, or its id in
 * the folder for findings.
 * @throws UsageError that suggests the nearest
 */
export async function whatIsMeant(word: string, out: string, cwd: string): Promise<Meant> {
  const entry = CATALOGUE.find(({ id }) => id === word.toUpperCase());
  if (entry !== undefined) return { kind: 'requirement', entry };
  const path = resolve(cwd, word);
  const folder = isFolder(path)
    ? path
    : FILES.includes(basename(path)) && existsSync(path)
      ? dirname(path)
      : null;
  if (folder !== null) return savedIn(folder);
  const within = resolve(cwd, out);
  if (/^[\w-]+$/.test(word) && FILES.some((file) => existsSync(join(within, word, file))))
    return savedIn(join(within, word));
  throw unknown(word, await findingIds(within), out);
}

const FILES = ['finding.json', DIFFERENCE_FILE];

const savedIn = (folder: string): Meant =>
  existsSync(join(folder, DIFFERENCE_FILE))
    ? { kind: 'difference', folder }
    : { kind: 'finding', out: dirname(folder), id: basename(folder) };

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
