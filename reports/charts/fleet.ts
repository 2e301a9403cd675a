import { scaleLinear } from 'd3-scale';
import { area as areaShape, stack } from 'd3-shape';
import { html, trusted, type Html } from '../escape/html';
import type { Fleet } from '../results/sections';
import { bottomAxis, drawing, frame, leftAxis, round, thinOut } from './svg';

type Sample = Fleet['samples'][number];

/** Machines in each licence state over virtual time, stacked. */
export function fleetChart(fleet: Fleet, id = 'fleet-chart'): Html {
  const samples = thinOut(fleet.samples, 1000);
  const area = frame(340);
  const hours = Math.max(1, samples.at(-1)?.hour ?? 0);
  const x = scaleLinear([0, hours / 24], [area.left, area.right]);
  const y = scaleLinear([0, Math.max(1, fleet.clients)], [area.bottom, area.top]).nice();
  const layers = stack<Sample, number>()
    .keys(fleet.states.map((_, index) => index))
    .value((sample, state) => sample.machines[state] ?? 0)(samples as Sample[]);
  const paths = layers.map(
    (layer) =>
      areaShape<(typeof layer)[number]>()
        .x((point) => round(x(point.data.hour / 24)))
        .y0((point) => round(y(point[0])))
        .y1((point) => round(y(point[1])))(layer) ?? '',
  );
  const content = html`${leftAxis(
    area,
    y.ticks(6).map((tick) => ({ at: y(tick), label: String(tick) })),
    'machines',
  )}${paths.map((path, index) => html`<path class="layer layer-${index % 6}" d="${trusted(path)}"/>`)}${bottomAxis(
    area,
    x.ticks(8).map((tick) => ({ at: x(tick), label: String(tick) })),
    'virtual days',
  )}`;
  return html`<ul class="legend">${fleet.states.map((state, index) => html`<li><svg viewBox="0 0 28 10" aria-hidden="true"><rect class="layer layer-${index % 6}" width="28" height="10"/></svg>${state}</li>`)}</ul><div class="scroll" tabindex="0" role="region" aria-label="Fleet chart">${drawing(id, area, 'Machines by licence state over virtual time', describe(fleet), content)}</div>`;
}

function describe({ clients, days, activated, neverActivated, states, samples }: Fleet): string {
  const end = samples.at(-1);
  const said =
    end === undefined
      ? ''
      : ` In the end: ${states.map((state, index) => `${end.machines[index] ?? 0} ${state}`).join(', ')}.`;
  return `${clients} machines over ${days} days: ${activated} activated, ${neverActivated} never.${said}`;
}
