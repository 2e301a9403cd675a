import { html, trusted, type Html } from '../escape/html';
import { makeVisible } from '../escape/visible';
import { page } from '../html/page';
import { failureClass } from '../results/failure-class';
import { OUTCOMES } from '../results/levels';
import type { Report } from '../results/model';
import type { RunHistory, SavedRun } from '../results/run-history';
import { COMPARE_SCRIPT } from './compare-script';
import { anchorOf, hostInWords, INDEX_PAGE, runInWords, runPage } from './names';
import { MATRIX_STYLE } from './style';

/** One run as the script reads it. */
export interface ComparedRun {
  readonly page: string;
  /** One letter for each requirement: its place in `outcomes`, `.` where the run did not have it. */
  readonly outcomes: string;
  /** What was said of those that did not pass: requirement to [place in `texts`, place in `classes`]. */
  readonly said: Readonly<Record<number, readonly [text: number, failureClass: number]>>;
}

/** All runs, small enough to stand in one page. */
export interface ComparedRuns {
  readonly outcomes: readonly string[];
  readonly requirements: readonly { readonly id: string; readonly anchor: string; readonly title: string }[];
  readonly texts: readonly string[];
  readonly runs: Readonly<Record<string, ComparedRun>>;
}

/** Gives each text its place, the same for the same. */
class Places {
  readonly #places = new Map<string, number>();
  of(text: string): number {
    const place = this.#places.get(text) ?? this.#places.size;
    this.#places.set(text, place);
    return place;
  }
  get texts(): string[] {
    return [...this.#places.keys()];
  }
}

/** What the page of any two runs is made of: every text of it is as it may be seen. */
export function comparedRuns({ hosts }: RunHistory): ComparedRuns {
  const titles = new Map<string, string>();
  for (const { requirements } of hosts) {
    for (const { id, latest } of requirements) titles.set(id, titles.get(id) ?? latest.title);
  }
  const ids = [...titles.keys()];
  const [texts, classes] = [new Places(), new Places()];
  const runs = hosts.flatMap((host) =>
    host.runs.map((run) => [run.key, comparedRun(run, ids, texts, classes)] as const),
  );
  return {
    outcomes: OUTCOMES,
    requirements: ids.map((id) => ({
      id: makeVisible(id),
      anchor: anchorOf(id) ?? '',
      title: makeVisible(titles.get(id)!),
    })),
    texts: texts.texts,
    runs: Object.fromEntries(runs),
  };
}

function comparedRun(run: SavedRun, ids: readonly string[], texts: Places, classes: Places): ComparedRun {
  const results = new Map(run.report.results.map((result) => [result.id, result]));
  const said: Record<number, [number, number]> = {};
  const outcomes = ids.map((id, index) => {
    const result = results.get(id);
    if (result === undefined) return '.';
    if (result.outcome !== 'passed') {
      const text = makeVisible(result.message ?? result.reason ?? '');
      said[index] = [texts.of(text), classes.of(classOf(result))];
    }
    return String(OUTCOMES.indexOf(result.outcome));
  });
  return { page: runPage(run), outcomes: outcomes.join(''), said };
}

const classOf = (result: Report['results'][number]): string => `${result.outcome}: ${failureClass(result)}`;

/** The page that holds any two runs against each other; its rows are made by its script from the data that stand in it. */
export function comparePageOf(history: RunHistory): string {
  const { hosts } = history;
  const [older, newer] = lastTwo(history);
  const options = (chosen: SavedRun): Html[] =>
    hosts.map((host) => {
      const name = hostInWords(host, hosts);
      const runs = [...host.runs].reverse().map((run) => {
        const words = `${hosts.length === 1 ? '' : `${name}: `}${runInWords(run)}`;
        return html`<option value="${run.key}"${run === chosen ? html` selected` : undefined}>${words}</option>`;
      });
      return html`<optgroup label="${name}">${runs}</optgroup>`;
    });
  const header = html`<h1>kmsspec matrix</h1><nav aria-label="Sections"><ul><li><a href="${INDEX_PAGE}">All hosts</a></li></ul></nav>`;
  const main = html`<h2>Compare any two runs</h2>
<noscript><p>This page needs its script, which stands in it. Without one, <code>kmsspec compare OLD.json NEW.json</code> tells the same, and the page of each host has what its runs changed.</p></noscript>
<form id="pick"><label>Older <select id="older">${options(older)}</select></label><label>Newer <select id="newer">${options(newer)}</select></label><button type="button" id="swap">Swap</button></form>
<p id="told" role="status"></p>
<div class="scroll" tabindex="0" role="region" aria-label="What changed"><table><thead><tr><th scope="col">Id</th><th scope="col">Change</th><th scope="col">The host …</th></tr></thead><tbody id="changes"></tbody></table></div>
<p class="why">Against a run of another profile or host, a change tells what they differ in.</p>${data(comparedRuns(history))}`;
  return page('kmsspec matrix: compare', header, main, html`Times are UTC. A choice stays in the address.`, {
    style: MATRIX_STYLE,
    script: COMPARE_SCRIPT,
  });
}

/** The last two runs of the host that was run last of those with two, which a reader most often asks for; of one run, it and itself. */
function lastTwo({ hosts }: RunHistory): [older: SavedRun, newer: SavedRun] {
  const several = hosts.filter(({ runs }) => runs.length > 1);
  const candidates = (several.length === 0 ? hosts : several).map(({ runs }) => runs);
  const latest = candidates.reduce((one, other) => (other.at(-1)!.at > one.at(-1)!.at ? other : one));
  return [latest.at(-2) ?? latest.at(-1)!, latest.at(-1)!];
}

/** JSON that ends no element and is no markup, whatever stands in it. */
function data(value: unknown): Html {
  const json = JSON.stringify(value).replace(
    /[<>&\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return html`<script type="application/json" id="runs">${trusted(json)}</script>`;
}
