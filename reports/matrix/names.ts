import type { HostHistory, SavedRun } from '../results/run-history';

/** Runs of a host one after another, by their numbers, both included. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** Names of the pages of a site; links between them are made of nothing else. */
export const INDEX_PAGE = 'index.html';
export const COMPARE_PAGE = 'compare.html';
export const hostPage = ({ key }: HostHistory): string => `host-${key}.html`;
/** A page of older runs of a host, by the numbers of the first and the last: which runs stand there never changes as others come. */
export const olderPage = ({ key }: HostHistory, { first, last }: Stretch): string =>
  `host-${key}-${first}-${last}.html`;
export const runPage = ({ key }: SavedRun): string => `run-${key}.html`;

/** Both runs chosen on the page that compares. */
export const comparePage = (older: SavedRun, newer: SavedRun): string =>
  `${COMPARE_PAGE}#${older.key},${newer.key}`;

/** The anchor of a requirement, where its id makes one: reports of runs have the same. */
export const anchorOf = (id: string): string | undefined =>
  /^[A-Z][A-Z0-9]*-\d+$/.test(id) ? id : undefined;

/** A host, and how it is judged where another history of it is judged otherwise. */
export function hostInWords({ name, profile }: HostHistory, hosts: readonly HostHistory[]): string {
  return hosts.filter((host) => host.name === name).length > 1 ? `${name}, profile ${profile}` : name;
}

/** `2026-11-21 08:00`, in UTC. */
export const startOf = ({ at }: SavedRun): string =>
  new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** When a run was, behind its label where it has one. */
export const labelAndStart = (run: SavedRun): string => {
  const { label } = run.report.run;
  return `${label === undefined ? '' : `${label}, `}${startOf(run)}`;
};

/** A run as lists name it: when, of which file, and that it was a part. */
export function runInWords(run: SavedRun): string {
  const { shard } = run.report.run;
  return `run ${run.number}, ${labelAndStart(run)}, ${run.where}${shard === null ? '' : `, shard ${shard.index}/${shard.of}`}`;
}
