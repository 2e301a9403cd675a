import { writeJson } from '../../../reports/formats/json';
import { hostileReport } from '../../../reports/testing/hostile';
import { GOOD_ASK } from '../../cases/case';
import { violation } from '../../cases/judge/violation';
import { MADE_LOGS } from '../../jobs/events/testing/made-logs';
import { madeRequests } from '../../jobs/events/testing/made-requests';
import { idOf } from '../../jobs/fuzz/findings/finding';
import { findingFileText } from '../../jobs/fuzz/findings/finding-file';
import { corpus } from './capture-verbs';
import { type Form, OUTSIDE_TEXTS } from './hostile-outputs';

/** What comes from outside, into which verb, and what the verb then writes. */
export interface Way {
  readonly verb: string;
  /** What holds the text. */
  readonly field: string;
  /** `{}` is a host whose answers hold every text, one after the other. */
  readonly argv: readonly string[];
  /** Each file that it writes; folders hold files of the form. */
  readonly outputs?: Readonly<Record<string, Form>>;
  readonly stdout?: Form;
  /** Files that it reads, for one text; without it there is one run for all. */
  readonly files?: (text: string, other: string) => Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  /** It writes this however it ends. */
  readonly writes?: readonly string[];
}

const REPORTS = ['--json', 'o.json', '--junit', 'o.xml', '--html', 'o.html', '--markdown', 'o.md'];
const REPORT_FORMS = { 'o.json': 'json', 'o.xml': 'xml', 'o.html': 'html', 'o.md': 'markdown' } as const;
const report = (text: string): string => writeJson(hostileReport(text));
const asked = (verb: string, ...words: string[]): Way => ({
  ...{ verb, field: 'ePID', argv: [verb, ...words, '--target', '{}', ...REPORTS], outputs: REPORT_FORMS },
  writes: Object.keys(REPORT_FORMS),
});

function findingText(text: string): string {
  const shown = violation('count', 'CNT-20', text, text, text);
  const one = { level: 'message', applications: [], machines: [], canary: 7, steps: [GOOD_ASK] } as never;
  const finding = { ...shown, id: idOf(shown, ['x']), reproduced: true, cases: [one], features: [text] };
  return findingFileText(
    { ...finding, seed: 1, index: 4, requests: 1, shrunkFrom: 9 },
    {
      ...{ target: null, repeat: ['kmsspec', text], evidence: [] },
    },
  );
}

const history = (text: string): string => {
  const one = { kind: 'request', applicationId: 'windows', requiredClientCount: 25, count: 9 };
  const events = [text, `${text}2`].map((who) => ({ ...one, clientMachineId: who, startMs: 0, endMs: 3 }));
  return JSON.stringify({ schema: 'kmsspec.history/1', events });
};

/** As many names as texts, so that one log holds all of them. */
const namedRequests = () =>
  madeRequests(OUTSIDE_TEXTS.length).map((request, i) => ({ ...request, name: OUTSIDE_TEXTS[i]! }));

export const WAYS: readonly Way[] = [
  ...['probe'].flatMap((verb) =>
    (['text', 'json', 'nagios', 'prometheus', 'prtg'] as const).map(
      (format): Way => ({
        ...{ verb, field: 'ePID', argv: [verb, '--target', '{}', '--format', format, '--output', 'o'] },
        outputs: { o: format === 'prtg' ? 'json' : format },
        writes: ['o'],
      }),
    ),
  ),
  asked('run', 'MSG-0*', 'RPC-01', 'CNT-01'),
  asked('stream', `client*${OUTSIDE_TEXTS.length}`),
  asked('fleet', '--clients', '9', '--days', '1'),
  asked('load', '--rate', '50', '--duration', '300ms', '--threads', '0'),
  asked('replay', corpus('v4-mixed-growth'), '--filter', '0-9'),
  {
    ...{ verb: 'report', field: 'every text of a report', argv: ['report', 'r.json', ...REPORTS] },
    ...{ outputs: REPORT_FORMS, files: (text) => ({ 'r.json': report(text) }) },
  },
  {
    ...{ verb: 'report', field: 'every text of a report, in a workflow', argv: ['report', 'r.json'] },
    ...{
      stdout: 'annotations',
      env: { GITHUB_ACTIONS: 'true' },
      files: (text) => ({ 'r.json': report(text) }),
    },
  },
  {
    ...{ verb: 'compare', field: 'every text of two reports' },
    argv: ['compare', 'a.json', 'b.json', '--json', 'o.json', '--html', 'o.html', '--markdown', 'o.md'],
    outputs: { 'o.json': 'json', 'o.html': 'html', 'o.md': 'markdown' },
    files: (text, other) => ({ 'a.json': report(text), 'b.json': report(other) }),
  },
  {
    ...{ verb: 'merge', field: 'every text of a report', argv: ['merge', 'r.json', ...REPORTS] },
    ...{ outputs: REPORT_FORMS, files: (text) => ({ 'r.json': report(text) }) },
  },
  {
    ...{
      verb: 'matrix',
      field: 'every text of reports',
      argv: ['matrix', 'a.json', 'b.json', '--out', 'site'],
    },
    ...{
      outputs: { site: 'html' },
      files: (text, other) => ({ 'a.json': report(text), 'b.json': report(other) }),
    },
  },
  {
    ...{ verb: 'explain', field: 'finding', argv: ['explain', 'finding.json', '--json', 'o.json'] },
    ...{ outputs: { 'o.json': 'json' }, files: (text) => ({ 'finding.json': findingText(text) }) },
  },
  {
    ...{ verb: 'check-history', field: 'machine', argv: ['check-history', 'h.json', '--html', 'o.html'] },
    ...{ outputs: { 'o.html': 'html' }, writes: ['o.html'], files: (text) => ({ 'h.json': history(text) }) },
  },
  ...MADE_LOGS.map(
    ({ name, write }): Way => ({
      ...{ verb: 'correlate', field: `names in ${name}` },
      argv: ['correlate', corpus('v4-threshold-clients'), name, '--json', 'o.json'],
      outputs: { 'o.json': 'json' },
      files: () => ({ [name]: write(namedRequests()) }),
    }),
  ),
  {
    ...{ verb: 'inspect', field: 'ePID in a capture' },
    argv: ['inspect', 'in.pcapng', '--json', 'o.json', '--csv', 'o.csv', '--history', 'o.history.json'],
    outputs: { 'o.json': 'json', 'o.csv': 'csv', 'o.history.json': 'json' },
    writes: ['o.csv', 'o.json'],
  },
  { verb: 'anonymise', field: 'ePID in a capture', argv: ['anonymise', 'in.pcapng', 'out.pcapng'] },
  {
    ...{
      verb: 'run',
      field: 'reason of a baseline',
      argv: ['run', 'CNT-01', '--baseline', 'b.yaml', ...REPORTS],
    },
    outputs: REPORT_FORMS,
    files: (text) => ({
      'b.yaml': JSON.stringify({ known: { 'CNT-01': { outcome: 'failed', reason: text, ticket: text } } }),
    }),
  },
  ...['target', 'dns', 'profile', 'keyGroup', 'domains', 'controls', 'expectedHosts', 'budgets'].map(
    (key): Way => ({
      ...{ verb: 'run', field: `${key} of a configuration`, argv: ['run', 'MSG-01', '--config', 'c.yaml'] },
      files: (text) => ({ 'c.yaml': JSON.stringify({ [key]: text, [text]: text }) }),
    }),
  ),
];

/** Files and folders that a verb reads, or that hold octets and no text. */
export const NO_TEXT = new Set(
  '--config --profile --mac-key --baseline --scenarios --secret --plan --corpus --pcap --pcap-dir --retry --wait-for-host --cmid'.split(
    ' ',
  ),
);
/** Verbs whose reports hold what `report` reads, made by the same writers from the same fields; a host's text reaches them in other tests. */
export const SAME_REPORT = ['fuzz', 'diff', 'discover'];
/** They tell or write what the program holds, and what was typed. */
export const FROM_INSIDE = ['list', 'dissector', 'vectors', 'schema', 'completion'];
/** Each has a test of its own below, or in its folder. */
export const APART = ['ctl', 'host', 'record', 'coverage'];
