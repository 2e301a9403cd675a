import { reportOf } from '../../../../reports/testing/sample-report';
import { lineOf, madeRequests } from '../../../jobs/events/testing/made-requests';
import { filled, type LargeInput, nested, numbered } from './large-input';

const ONE_EVENT = lineOf(madeRequests(1)[0]!);

/** The text of a document around one list in it. */
export type Around = readonly [before: string, after: string];

/** Much of what may stand in a list, whatever the list is of. */
export const ANY_LIST: Readonly<Record<string, (bytes: number, around: Around) => string>> = {
  numbers: (bytes, [before, after]) => filled(bytes, { before: `${before}1`, piece: ',1', after }),
  'empty objects': (bytes, [before, after]) => filled(bytes, { before: `${before}{}`, piece: ',{}', after }),
  'lists in lists': (bytes, around) => nested(bytes, '[', ']', around),
  'objects in objects': (bytes, [before, after]) =>
    nested(bytes, '{"a":', '}', [`${before}{"a":`, `0}${after}`]).replace(':}', ':0}'),
  'an object of many keys': (bytes, [before, after]) =>
    numbered(bytes, { before: `${before}{"k":0`, piece: (i) => `,"k${i}":0`, after: `}${after}` }),
  'one long text': (bytes, [before, after]) =>
    filled(bytes, { before: `${before}"`, piece: 'x', after: `"${after}` }),
};

const RESULT =
  '{"id":"A-1","level":"MUST","suite":"A","title":"","source":"","outcome":"passed","durationMs":0}';
const resultOf = (i: number): string =>
  `${i === 0 ? '' : ','}{"id":"S${i}-1","level":"MUST","suite":"S${i}","title":"","source":"","outcome":"failed","durationMs":0}`;

/** A report around one of its lists, with the summary that so many results need. */
function aroundReport(list: 'results' | 'findings' | 'points'): Around {
  const marked = JSON.stringify(
    list === 'results'
      ? { ...reportOf([]), results: ['HERE'] }
      : list === 'findings'
        ? { ...reportOf([]), findings: ['HERE'] }
        : reportOf([], {
            trajectory: { requests: 1, thresholds: [], capacity: null, points: ['HERE'] as never },
          }),
  );
  return marked.split('"HERE"') as unknown as Around;
}

/** A whole report of as many results as fit. */
function reportOfMany(bytes: number, outcome: 'passed' | 'failed', result: (i: number) => string): string {
  const [before, after] = aroundReport('results');
  const text = numbered(bytes - 20, { before, piece: result, after });
  const count = text.split('"durationMs":0').length - 1;
  return text.replace(`"${outcome}":0`, `"${outcome}":${count}`);
}

const POINT = '{"index":0,"sent":"","recorded":null,"answered":1,"expected":2}';

const REPORTS: Readonly<Record<string, (bytes: number) => string>> = {
  ...Object.fromEntries(
    Object.entries(ANY_LIST).map(([shape, make]) => [
      `${shape} for results`,
      (bytes: number) => make(bytes, aroundReport('results')),
    ]),
  ),
  'numbers for findings': (bytes) => ANY_LIST['numbers']!(bytes, aroundReport('findings')),
  'results alike': (bytes) => reportOfMany(bytes, 'passed', (i) => `${i === 0 ? '' : ','}${RESULT}`),
  'results that failed': (bytes) => reportOfMany(bytes, 'failed', resultOf),
  'points of a trajectory': (bytes) => {
    const [before, after] = aroundReport('points');
    return filled(bytes, { before: before + POINT, piece: `,${POINT}`, after });
  },
};

const REPORT_VERBS: Readonly<Record<string, (file: string) => string[]>> = {
  correlate: (file) => ['correlate', file, 'log.txt'],
  report: (file) => ['report', file, '--html', 'out.html', '--markdown', 'out.md', '--junit', 'out.xml'],
  compare: (file) => ['compare', file, file],
  merge: (file) => ['merge', file, '--json', 'out.json'],
  matrix: (file) => ['matrix', file, '--out', 'site'],
};

const HISTORY: Around = ['{"schema":"kmsspec.history/1","events":[', ']}'];
const request = (i: number, start: number, end: number | null, count: number | null): string =>
  `${i === 0 ? '' : ','}{"kind":"request","startMs":${start},"endMs":${end},"applicationId":"a","clientMachineId":"m${i}","requiredClientCount":25,"count":${count}}`;

const control = (i: number, what: string, start: number, end: number): string =>
  `${i === 0 ? '' : ','}{"kind":"control","startMs":${start},"endMs":${end},"control":"${what}"}`;

const HISTORIES: Readonly<Record<string, (i: number) => string>> = {
  'requests one behind the other': (i) => request(i, 2 * i, 2 * i + 1, Math.min(i + 1, 50)),
  'requests all at once': (i) => request(i, 0, 1, (i * 7) % 50),
  'requests without answers': (i) => request(i, 0, null, null),
  'answers that nobody could give': (i) => request(i, 2 * i, 2 * i + 1, 999),
  'requests that overlap by twelve': (i) => request(i, i, i + 12, Math.min(i + 1, 50)),
  applications: (i) => request(i, 2 * i, 2 * i + 1, 1).replace('"a"', `"a${i}"`),
  controls: (i) => control(i, 'restart', 2 * i, 2 * i + 1),
  'controls among requests': (i) =>
    i % 2 === 0 ? request(i, 2 * i, 2 * i + 1, 1) : control(i, 'reset', 2 * i, 2 * i + 1),
  'controls that overlap': (i) => control(i, 'restart', i, 1e9 + i),
  'controls that overlap, and requests of many applications': (i) =>
    i % 2 === 0
      ? request(i, 2 * i, 2 * i + 1, 1).replace('"a"', `"a${i}"`)
      : control(i, 'restart', i, 1e9 + i),
};

export const JSON_INPUTS: readonly LargeInput[] = [
  ...Object.entries(REPORT_VERBS).flatMap(([verb, argv]) =>
    Object.entries(REPORTS).map(([shape, make]) => ({
      ...{ format: `a report to ${verb}`, shape, make, argv },
      beside: { 'log.txt': `${ONE_EVENT}\n` },
    })),
  ),
  ...Object.entries({
    ...Object.fromEntries(
      Object.entries(ANY_LIST).map(([shape, make]) => [
        `${shape} for events`,
        (bytes: number) => make(bytes, HISTORY),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(HISTORIES).map(([shape, piece]) => [
        shape,
        (bytes: number) => numbered(bytes, { before: HISTORY[0], piece, after: HISTORY[1] }),
      ]),
    ),
  }).map(([shape, make]) => ({
    format: 'a history',
    shape,
    make,
    argv: (file: string) => ['check-history', file],
  })),
];
