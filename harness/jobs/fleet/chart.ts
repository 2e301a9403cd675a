import { LICENCES, type Licence } from '../../model/client-state';
import type { FleetResult } from './result';

const ROWS = 12;
const COLUMNS = 64;

/** A sign for each state that a chart stacks, from the bottom. */
const SIGNS: Readonly<Record<Licence, string>> = {
  licensed: '#',
  'OOB grace': '+',
  'out-of-tolerance grace': 'o',
  'non-genuine grace': 'x',
  notification: '!',
  unlicensed: '.',
};

/** Machines by state over virtual time, stacked, as text; below it the requests over the same time. */
export function fleetChart({ samples, clients, days, requestsPerHour }: FleetResult): string[] {
  if (samples.length === 0) return [];
  const columns = Math.min(COLUMNS, samples.length);
  const picked = Array.from({ length: columns }, (_, column) => {
    const at = columns === 1 ? 0 : Math.round((column / (columns - 1)) * (samples.length - 1));
    return samples[at]!;
  });
  const width = String(clients).length;
  const lines = Array.from({ length: ROWS }, (_, fromTop) => {
    const level = ((ROWS - fromTop - 0.5) / ROWS) * clients;
    const label = fromTop === 0 ? String(clients) : '';
    return `${label.padStart(width)} |${picked.map(({ machines }) => signAt(machines, level)).join('')}`.trimEnd();
  });
  const used = LICENCES.filter((_, state) => samples.some(({ machines }) => machines[state]! > 0));
  return [
    ...lines,
    `${'0'.padStart(width)} +${'-'.repeat(columns)}`,
    `${' '.repeat(width)}  day 0${`day ${Number(days.toFixed(2))}`.padStart(Math.max(1, columns - 5))}`,
    ...requestLines(requestsPerHour, columns, width),
    `${' '.repeat(width)}  ${used.map((licence) => `${SIGNS[licence]} ${licence}`).join('   ')}`,
  ];
}

function signAt(machines: readonly number[], level: number): string {
  let top = 0;
  for (const [state, licence] of LICENCES.entries()) {
    top += machines[state]!;
    if (level < top) return SIGNS[licence];
  }
  return ' ';
}

const LEVELS = [...' ▁▂▃▄▅▆▇█'];

/** Requests an hour over the same time, each column the mean of its hours; the full height is the busiest column. */
function requestLines(perHour: readonly number[], columns: number, width: number): string[] {
  const means = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column / columns) * perHour.length);
    const to = Math.max(from + 1, Math.floor(((column + 1) / columns) * perHour.length));
    return perHour.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
  });
  const busiest = Math.max(...means);
  if (busiest === 0) return [];
  const drawn = means.map((mean) => LEVELS[Math.ceil((mean / busiest) * (LEVELS.length - 1))]).join('');
  return [
    `${' '.repeat(width)} |${drawn}`,
    `${' '.repeat(width)}  requests an hour, █ is ${Number(busiest.toFixed(1))}`,
  ];
}
