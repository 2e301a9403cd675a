import { fleetChart } from '../charts/fleet';
import { percentileChart } from '../charts/percentiles';
import { trajectoryChart } from '../charts/trajectory';
import { REACTION_ORDER, triedTimes, untried } from '../coverage';
import { html, type Html } from '../escape/html';
import type { Coverage, Discovery, Fleet, Latency, Replay, Report, Trajectory } from '../model';
import { formatDuration } from '../wording';
import { pduFigures } from './hex';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** Tables of a page hold no more rows than this; the JSON report has all. */
const MOST_ROWS = 500;

/** The sections that a report has beside its results, in reading order. */
export function sections(report: Report): Section[] {
  const { replay, trajectory, latency, coverage, fleet, discovery } = report;
  return [
    ...(replay === undefined ? [] : [{ id: 'replay', title: 'Replay', body: replayBody(replay) }]),
    ...(trajectory === undefined
      ? []
      : [{ id: 'counts', title: 'Counts', body: trajectoryBody(trajectory) }]),
    ...(latency === undefined ? [] : [{ id: 'latency', title: 'Latency', body: latencyBody(latency) }]),
    ...(coverage === undefined
      ? []
      : [{ id: 'coverage', title: 'Fuzz coverage', body: coverageBody(coverage) }]),
    ...(fleet === undefined ? [] : [{ id: 'fleet', title: 'Fleet', body: fleetBody(fleet) }]),
    ...(discovery === undefined
      ? []
      : [{ id: 'discovery', title: 'Discovery', body: discoveryBody(discovery) }]),
  ];
}

/** A table of what a summary says is in it, closed where it is long. */
function tableIn(summary: string, open: boolean, head: readonly string[], rows: readonly Html[]): Html {
  const hidden = rows.length - MOST_ROWS;
  return html`<details${open ? html` open` : undefined}><summary>${summary}</summary><div class="scroll" tabindex="0" role="region" aria-label="${summary}"><table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.slice(0, MOST_ROWS)}</tbody></table></div>${hidden > 0 ? html`<p>${hidden} more rows are in the JSON report.</p>` : undefined}</details>`;
}

function trajectoryBody(trajectory: Trajectory): Html {
  const { points, firstDifference, requests } = trajectory;
  const cell = (count: number | null): Html => html`<td class="number">${count ?? '–'}</td>`;
  const rows = points.map(({ index, sent, recorded, answered, expected, note }) => {
    const wrong = answered !== null && expected !== null && answered !== expected;
    return html`<tr><td class="number">${index}</td><td>${sent}</td>${cell(recorded)}${cell(answered)}${cell(expected)}<td>${wrong ? html`<mark>differs</mark> ` : undefined}${note ?? ''}</td></tr>`;
  });
  return html`<p>${requests} requests${points.length < requests ? `, ${points.length} of them shown` : ''}. ${firstDifference === undefined ? 'Every answer has the expected count.' : html`<strong>First difference at request ${firstDifference.index}:</strong> ${firstDifference.message}`}</p>${trajectoryChart(trajectory)}${tableIn('Counts as a table', false, ['Request', 'Sent', 'Recorded', 'Answered', 'Expected', 'Note'], rows)}`;
}

function latencyBody(latency: Latency): Html {
  const {
    series,
    requests,
    achievedPerSecond,
    askedPerSecond,
    failures,
    budgets = [],
    warnings = [],
  } = latency;
  const percentiles = [
    ...new Set(series.flatMap((each) => each.percentiles.map(({ percentile }) => percentile))),
  ];
  const rows = percentiles.map(
    (percentile) =>
      html`<tr><th scope="row">${percentile} %</th>${series.map((each) => {
        const found = each.percentiles.find((one) => one.percentile === percentile);
        return html`<td class="number">${found === undefined ? '–' : formatDuration(found.ms)}</td>`;
      })}</tr>`,
  );
  return html`<p>${requests} requests, ${achievedPerSecond.toFixed(1)} a second${askedPerSecond === null ? ', as fast as possible' : `, asked for ${askedPerSecond}`}.</p>${percentileChart(latency)}
${budgets.length === 0 ? undefined : html`<ul class="notes">${budgets.map(({ name, limit, measured, held }) => html`<li><span class="badge ${held ? 'passed' : 'failed'}">${held ? '✓ held' : '✗ broken'}</span> budget <code>${name}</code> ${limit}, measured ${measured}</li>`)}</ul>`}
${failures.length === 0 ? undefined : html`<ul class="notes">${failures.map(({ class: name, count }) => html`<li>${count} failures: ${name}</li>`)}</ul>`}
${warnings.length === 0 ? undefined : html`<ul class="notes">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}
${tableIn('Percentiles as a table', false, ['Percentile', ...series.map(({ name }) => name)], rows)}`;
}

function coverageBody(coverage: Coverage): Html {
  const missing = untried(coverage);
  const rows = coverage.rows.map((row) => {
    const tried = triedTimes(row);
    return html`<tr><th scope="row"><code>${row.field}</code></th><td>${row.kind}</td>${REACTION_ORDER.map((reaction) => html`<td class="number${row.reactions[reaction] === 0 ? ' zero' : ''}">${row.reactions[reaction]}</td>`)}<td class="number">${tried === 0 ? html`<mark>not tried</mark>` : tried}</td></tr>`;
  });
  return html`<p>${coverage.cases} cases, ${Math.round(coverage.casesPerSecond)} a second${coverage.workers === undefined ? '' : `, ${coverage.workers} workers`}${coverage.resumed === true ? ', resumed' : ''}. ${missing.length} of ${coverage.rows.length} pairs of field and kind of value were never tried.</p>${tableIn('What was sent, and what the host did', coverage.rows.length <= 60, ['Field', 'Kind of value', ...REACTION_ORDER, 'In all'], rows)}`;
}

function fleetBody(fleet: Fleet): Html {
  const hours = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(1)} h`);
  const rows = (fleet.machines ?? []).map(
    ({ name, kind, firstAskedHour, activatedHour }) =>
      html`<tr><td>${name}</td><td>${kind}</td><td class="number">${hours(firstAskedHour)}</td><td class="number">${hours(activatedHour)}</td></tr>`,
  );
  return html`<p>${fleet.clients} machines over ${fleet.days} virtual days: ${fleet.activated} activated, ${fleet.neverActivated} never. The first was activated after ${hours(fleet.firstActivationHour)}, the last after ${hours(fleet.lastActivationHour)}.</p>${fleetChart(fleet)}${(fleet.notShown ?? []).map((what) => html`<p>Not shown: ${what}</p>`)}${rows.length === 0 ? undefined : tableIn('Machines', false, ['Machine', 'Kind', 'First asked', 'Activated'], rows)}`;
}

function discoveryBody({ domains }: Discovery): Html {
  return html`${domains.map(
    ({ domain, hosts, warnings = [] }) =>
      html`<h3>${domain}</h3>${warnings.map((warning) => html`<p>${warning}</p>`)}${tableIn(
        `Hosts of ${domain}`,
        true,
        ['Host', 'Verdict', 'Priority', 'Weight', 'Addresses', 'Count', 'Why'],
        hosts.map(
          ({ name, port, priority, weight, addresses, verdicts, message, count }) =>
            html`<tr><th scope="row">${name}:${port}</th><td>${verdicts.map((verdict) => html`<span class="badge ${verdict === 'right' ? 'passed' : verdict === 'not-probed' ? 'untestable' : 'failed'}">${verdict === 'right' ? '✓ right' : verdict}</span> `)}</td><td class="number">${priority}</td><td class="number">${weight}</td><td>${addresses.join(', ')}</td><td class="number">${count ?? '–'}</td><td>${message ?? ''}</td></tr>`,
        ),
      )}`,
  )}`;
}

function replayBody({ capture, mode, exchanges, warnings = [] }: Replay): Html {
  const count = (verdict: string): number => exchanges.filter((each) => each.verdict === verdict).length;
  const ordered = [...exchanges].sort(
    (one, other) => Number(other.verdict === 'differs') - Number(one.verdict === 'differs'),
  );
  const differences = (of: Replay['exchanges'][number]['mayDiffer']): Html =>
    of.length === 0
      ? html`–`
      : html`<ul class="notes">${of.map(({ path, recorded, answered, reason }) => html`<li><code>${path}</code>: recorded <code>${recorded ?? 'nothing'}</code>, answered <code>${answered ?? 'nothing'}</code> (${reason})</li>`)}</ul>`;
  const rows = ordered.map(
    ({ index, sent, verdict, equal, mayDiffer, mustNotDiffer, note, evidence = [] }) =>
      html`<tr><td class="number">${index}</td><td>${sent}${note === undefined ? undefined : html`<br><small>${note}</small>`}</td><td><span class="badge ${verdict === 'agrees' ? 'passed' : verdict === 'differs' ? 'failed' : 'untestable'}">${verdict === 'agrees' ? '✓ agrees' : verdict === 'differs' ? '✗ differs' : 'not comparable'}</span></td><td class="number">${equal.length}</td><td>${differences(mayDiffer)}</td><td>${differences(mustNotDiffer)}${verdict === 'differs' && evidence.length > 0 ? html`<details><summary>Exchange</summary>${pduFigures(evidence)}</details>` : undefined}</td></tr>`,
  );
  return html`<p><code>${capture}</code>${mode === undefined ? '' : `, ${mode}`}: ${count('agrees')} of ${exchanges.length} answers agree with their recording, ${count('differs')} differ, ${count('not-comparable')} cannot be compared.</p>${warnings.map((warning) => html`<p>${warning}</p>`)}${tableIn('Exchanges', count('differs') > 0, ['Exchange', 'Sent', 'Verdict', 'Equal fields', 'May differ', 'Must not differ'], rows)}`;
}
