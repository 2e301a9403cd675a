import type { Report, Result } from '../results/model';
import { fullReport } from './full-report';
import { resultOf } from './sample-report';

/** What a hostile host puts into its ePID and its names, each meant for another reader. */
export const HOSTILE_TEXTS: readonly string[] = [
  '<img src=x onerror="document.title=\'owned\'">',
  '"><script>document.title="owned"</script>',
  "' onmouseover='document.title=1' x='",
  '</title></style></script></pre></details><h1>owned</h1>',
  ']]></failure></testcase><!-- & &amp; &#60; -->',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  '\u001b[31mred\u001b]0;title\u0007\u001b[2J\u009b1m\u0000\u0008\u007f',
  '\u202Eevil\u2066left\u2069\u200Fmark\u061C',
  'zero\u200Bwidth\uFEFFmark\u2060join\u{E0041}tag',
  'line\u2028separator\u2029paragraph\u0085next\rreturn\u000bvt',
  'lone \uD800 and \uDC00, non-characters \uFFFE \uFFFF \u{1FFFF}',
  '| pipe | `tick` ``` fence ``` <details> [link](javascript:alert(1)) ![i](http://x.test/i.png) **bold**',
  '@everyone #1 https://evil.test www.evil.test mail@evil.test ~~strike~~ $math$',
  '\n::error title=owned::owned\n##[error]owned\n  ::set-output name=a::b',
  '%0A::error::owned%25',
  '- list\n# heading\n> quote\n    code\n---\n\n<b>bold</b>',
  '\u0000',
  '$& $1 ${x} \\ \\u0041',
  'long '.repeat(500),
];

/** A report whose every free text is this text. */
export function hostileReport(text: string): Report {
  const hostile = resultOf('CNT-07', {
    outcome: 'failed',
    title: text,
    source: text,
    message: text,
    reason: text,
    expected: text,
    received: text,
    notes: [text],
    ticket: text,
    repeat: text,
    attempts: [{ outcome: 'failed', message: text, durationMs: 1 }],
    evidence: [
      {
        direction: 'received',
        pdu: text,
        hex: '0500',
        at: text,
        note: text,
        fields: [{ path: text, offset: 0, length: 1, value: text, title: text, marked: true }],
      },
    ],
  });
  const skipped: Result = { ...hostile, id: `X-${text}`, suite: text, outcome: 'untestable' };
  return everyStringReplaced({ ...fullReport(), results: [hostile, skipped] }, text);
}

/** Free texts of the sections too; what the schema fixes (hex, verdicts, histograms) stays. */
function everyStringReplaced(report: Report, text: string): Report {
  const { trajectory, latency, coverage, findings, fleet, discovery, replay } = report;
  return {
    ...report,
    run: { ...report.run, command: text, warnings: [text], endedMessage: text },
    target: { ...report.target, address: text, profile: text, controls: [text] },
    summary: {
      ...report.summary,
      passed: 0,
      failed: 1,
      untestable: 1,
      inconclusive: 0,
      expectedFailure: 0,
      unexpectedPass: 0,
      excluded: 0,
      notRun: 0,
    },
    trajectory: {
      ...trajectory!,
      points: trajectory!.points.map((point) => ({ ...point, sent: text, note: text })),
      firstDifference: { index: 54, message: text },
    },
    latency: {
      ...latency!,
      series: latency!.series.map((series) => ({ ...series, name: text })),
      failures: [{ class: text, count: 1 }],
      budgets: [{ name: text, limit: 1, measured: 2, held: false }],
      warnings: [text],
    },
    coverage: { ...coverage!, rows: coverage!.rows.map((row) => ({ ...row, field: text, kind: text })) },
    findings: findings!.map((finding) => ({
      ...finding,
      id: text,
      title: text,
      message: text,
      oracle: text,
      folder: text,
      repeat: text,
      expected: text,
      received: text,
    })),
    fleet: {
      ...fleet!,
      states: fleet!.states.map(() => text),
      notShown: [text],
      machines: [{ ...fleet!.machines![0]!, name: text, kind: text }],
    },
    discovery: {
      domains: discovery!.domains.map((domain) => ({
        domain: text,
        hosts: domain.hosts.map((host) => ({ ...host, name: text, addresses: [text], message: text })),
        warnings: [text],
      })),
    },
    replay: {
      ...replay!,
      capture: text,
      mode: text,
      exchanges: replay!.exchanges.map((exchange) => ({
        ...exchange,
        sent: text,
        note: text,
        mayDiffer: exchange.mayDiffer.map(() => ({
          path: text,
          recorded: text,
          answered: text,
          reason: text,
        })),
        mustNotDiffer: exchange.mustNotDiffer.map(() => ({
          path: text,
          recorded: text,
          answered: text,
          reason: text,
        })),
      })),
      warnings: [text],
    },
  };
}

/** Characters that no output may hold, whatever the input: they act instead of being seen. Tab and line feed may. */
export const ACTING_CHARACTER =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFFE\uFFFF\u{E0000}-\u{E007F}]|\p{Surrogate}/u;
