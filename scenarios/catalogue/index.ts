import type { RequirementEntry } from '../../harness/jobs/suite/requirement-entry';
import { CACHE } from './cache';
import { CNT } from './cnt';
import { DNS } from './dns';
import { KEY } from './key';
import { LIFE } from './life';
import { MSG } from './msg';
import { OBS } from './obs';
import { ROB } from './rob';
import { RPC } from './rpc';
import { TIME } from './time';

const ALL = [...MSG, ...RPC, ...CNT, ...CACHE, ...TIME, ...KEY, ...DNS, ...LIFE, ...OBS, ...ROB] as const;

/** Every id of the catalogue: a scenario for any other does not compile. */
export type RequirementId = (typeof ALL)[number]['id'];

/** What a KMS host is checked for, in the order of the suites. */
export const CATALOGUE: readonly RequirementEntry<RequirementId>[] = ALL;

const BY_ID: ReadonlyMap<string, RequirementEntry<RequirementId>> = new Map(
  CATALOGUE.map((entry) => [entry.id, entry]),
);

/** The catalogue's entry of a requirement id. */
export function requirementEntry(id: RequirementId): RequirementEntry<RequirementId> {
  return BY_ID.get(id)!;
}

/** The names of the suites, in the order of the catalogue. */
export const SUITES = {
  MSG: 'the message',
  RPC: 'the association and the call',
  CNT: 'counting',
  CACHE: 'the table of CMIDs',
  TIME: 'time',
  KEY: 'key groups',
  DNS: 'discovery',
  LIFE: 'a fleet over virtual months',
  OBS: "the host's own counters",
  ROB: 'hostile input',
} as const;
