import { jsonText } from '../escape/json';
import { writeHtml } from '../html/report';
import type { RunHistory } from '../results/run-history';
import { badge, badgeSvg } from './badge';
import { comparePageOf } from './compare-page';
import { hostHistoryPage, olderRunsPage } from './host-page';
import { indexPage, type SiteOptions } from './index-page';
import { COMPARE_PAGE, hostPage, INDEX_PAGE, olderPage, runPage } from './names';
import { olderStretches } from './stretches';

export { SITE_MARK, type SiteOptions } from './index-page';

/** A file of the site of a matrix. */
export interface SiteFile {
  /** Within the folder of the site: no path, and nothing that a report named. */
  readonly name: string;
  readonly text: string;
}

/** Files beside those of hosts and runs: the page that compares, the badge in two forms, the first page. */
const COMMON_FILES = 4;

/** How many files the site of a history has. */
export const siteSize = ({ hosts }: RunHistory): number =>
  hosts.reduce(
    (total, { runs }) => total + runs.length + 1 + olderStretches(runs.length).length,
    COMMON_FILES,
  );

/**
 * A static site of saved runs, a file after the other: it loads nothing from elsewhere and works from disk. What leads to others comes last, so
 * that a site which is written anew leads nowhere that is not there yet.
 */
export function* matrixSite(history: RunHistory, options: SiteOptions = {}): Generator<SiteFile> {
  for (const host of history.hosts) {
    for (const run of host.runs) yield { name: runPage(run), text: writeHtml(run.report, options) };
    for (const stretch of olderStretches(host.runs.length)) {
      yield { name: olderPage(host, stretch), text: olderRunsPage(host, history.hosts, stretch, options) };
    }
    yield { name: hostPage(host), text: hostHistoryPage(host, history.hosts, options) };
  }
  yield { name: COMPARE_PAGE, text: comparePageOf(history) };
  const made = badge(history, options);
  yield { name: 'badge.json', text: `${jsonText(made, 2)}\n` };
  yield { name: 'badge.svg', text: badgeSvg(made) };
  yield { name: INDEX_PAGE, text: indexPage(history, options) };
}
