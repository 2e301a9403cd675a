import { HOSTILE_TEXTS } from '../../../reports/testing/hostile';

/** Texts beside those of the reports, for readers that only some outputs have. */
const OF_OTHER_READERS: readonly string[] = [
  '##vso[task.setvariable variable=a]owned',
  'in a line ##teamcity[message text=owned]',
  '=cmd|calc',
  '+1+owned',
  '-1+owned',
  '@SUM(owned)',
  '\t=1+owned',
  '\r=1+owned',
  '<svg onload=owned()>',
  '"\\"); os.execute("owned") --[[ ]]',
  '$(touch owned) `touch owned`; touch owned & | \' "',
  "UNKNOWN - x | owned=1;;; 'x'=2",
  'kms_probe{owned="1"} 1\n# HELP owned',
];

/** What a stranger may call a machine, a host, a file or anything else. */
export const OUTSIDE_TEXTS: readonly string[] = [...HOSTILE_TEXTS, ...OF_OTHER_READERS];

/** In which form an output is; each has its own reader that may be misled. */
export type Form =
  | 'text'
  | 'json'
  | 'xml'
  | 'html'
  | 'markdown'
  | 'csv'
  | 'nagios'
  | 'prometheus'
  | 'annotations';

/** What acts on a reader of each form. Acting characters are looked for in all of them. */
const ACTS: Readonly<Record<Form, (text: string) => string | null>> = {
  text: (text) => /##\w*\[.*|^[ \t]*::.*/m.exec(text)?.[0] ?? null,
  json: (text) => (isJson(text) ? null : 'no JSON'),
  xml: (text) => /<!(?:DOCTYPE|ENTITY)[^>]*|<(?:script|img|svg|h1|b)\b[^>]*|&e;/i.exec(text)?.[0] ?? null,
  html: (text) =>
    /<img src=x[^>]*|<script>document[^<]*|<h1>owned|<svg onload[^>]*|<b>bold| onmouseover='[^>]*|<\/pre><\/details><h1>/i.exec(
      text.replace(DATA, ''),
    )?.[0] ?? null,
  markdown: (text) =>
    /<(?:img|script|svg|h1|b)\b[^>]*|^#+ heading|\]\(javascript[^)]*|^(?:::|##\[).*/m.exec(
      outsideCode(text),
    )?.[0] ?? null,
  csv: (text) => formula(text),
  nagios: (text) => (text.split('\n', 1)[0]!.split('|').length > 2 ? 'two parts of figures' : null),
  prometheus: (text) => text.split('\n').find((line) => !METRIC.test(line)) ?? null,
  annotations: (text) =>
    text
      .split('\n')
      .find((line) => (line.startsWith('::') ? !ANNOTATION.test(line) : /##\w*\[|^[ \t]*::/.test(line))) ??
    null,
};

/** Data of a script: what holds no `<` ends no element. */
const DATA = /<script type="application\/json"[^>]*>[^<]*<\/script>/g;
const METRIC =
  /^$|^# (?:HELP|TYPE) kms_\w+ .*$|^kms_\w+(?:\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*\})? [-+.\deEaINnf]+$/;
/** One command a line, its properties without what ends them. */
const ANNOTATION = /^::(?:error|warning|notice)(?: \w+=[^:\n]*)?::[^\n]*$/;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Markdown without code spans and fenced blocks, in which nothing is marked up. */
function outsideCode(text: string): string {
  return text
    .replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
}

/** The first cell that a spreadsheet would carry out: numbers are none. */
function formula(text: string): string | null {
  const cells = text.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g);
  for (const [, quoted, plain] of cells) {
    const cell = quoted ?? plain ?? '';
    if (/^[=+\-@\t\r]/.test(cell) && !/^-?\d+(?:\.\d+)?$/.test(cell)) return cell;
  }
  return null;
}

/** Characters that no output may hold, whatever came in; a carriage return ends lines of CSV. */
const ACTING =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFFE\uFFFF\u{E0000}-\u{E007F}]|\p{Surrogate}/u;

/** What in an output would act on its reader instead of being seen; null where nothing would. */
export function actsIn(form: Form, text: string): string | null {
  const seen = form === 'csv' ? text : text.replace(/\r\n/g, '\n');
  const acting = ACTING.exec(seen) ?? (form === 'csv' ? null : /\r/.exec(seen));
  if (acting !== null)
    return `the character ${JSON.stringify(acting[0])} behind ${JSON.stringify(seen.slice(Math.max(0, acting.index - 60), acting.index))}`;
  return ACTS[form](seen);
}
