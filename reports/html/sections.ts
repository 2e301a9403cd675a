import { fleetChart } from '../charts/fleet';
import { percentileChart } from '../charts/percentiles';
import { REACTION_ORDER, triedTimes, untried } from '../results/coverage';
import { html, type Html } from '../escape/html';
import type { Coverage, Discovery, Fleet, Latency, Report } from '../results/model';
import { SOUND_VERDICTS } from '../results/discovery-verdicts';
import { formatDuration } from '../results/wording';
import { replayBody, trajectoryBody } from './agreement';
import { rowsOf, tableIn } from './table';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

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
  const rows = rowsOf(coverage.rows, (row) => {
    const tried = triedTimes(row);
    return html`<tr><th scope="row"><code>${row.field}</code></th><td>${row.kind}</td>${REACTION_ORDER.map((reaction) => html`<td class="number${row.reactions[reaction] === 0 ? ' zero' : ''}">${row.reactions[reaction]}</td>`)}<td class="number">${tried === 0 ? html`<mark>not tried</mark>` : tried}</td></tr>`;
  });
  return html`<p>${coverage.cases} cases, ${Math.round(coverage.casesPerSecond)} a second${coverage.workers === undefined ? '' : `, ${coverage.workers} workers`}${coverage.resumed === true ? ', resumed' : ''}. ${missing.length} of ${coverage.rows.length} pairs of field and kind of value were never tried.</p>${assumptionsTable(coverage)}${remarksTable(coverage)}${tableIn('What was sent, and what the host did', coverage.rows.length <= 60, ['Field', 'Kind of value', ...REACTION_ORDER, 'In all'], rows)}`;
}

/** What was taken for granted of the host, and tested first. */
function assumptionsTable({ assumptions = [] }: Coverage): Html | undefined {
  if (assumptions.length === 0) return undefined;
  const rows = rowsOf(
    assumptions,
    ({ question, answer, so }) =>
      html`<tr><th scope="row">${question}</th><td>${answer}</td><td>${so}</td></tr>`,
  );
  return tableIn('What was tested of the host first', true, ['Question', 'Answer', 'So'], rows);
}

function remarksTable({ notes = [] }: Coverage): Html | undefined {
  if (notes.length === 0) return undefined;
  const rows = rowsOf(
    notes,
    ({ note, cases }) => html`<tr><td>${note}</td><td class="number">${cases}</td></tr>`,
  );
  return tableIn('What no clause settles', false, ['The host', 'Cases'], rows);
}

function fleetBody(fleet: Fleet): Html {
  const hours = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(1)} h`);
  const rows = rowsOf(
    fleet.machines ?? [],
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
            html`<tr><th scope="row">${name}:${port}</th><td>${verdicts.map((verdict) => html`<span class="badge ${verdict === 'right' ? 'passed' : SOUND_VERDICTS.has(verdict) ? 'untestable' : 'failed'}">${verdict === 'right' ? '✓ right' : verdict}</span> `)}</td><td class="number">${priority}</td><td class="number">${weight}</td><td>${addresses.join(', ')}</td><td class="number">${count ?? '–'}</td><td>${message ?? ''}</td></tr>`,
        ),
      )}`,
  )}`;
}
