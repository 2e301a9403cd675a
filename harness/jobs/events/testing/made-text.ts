import type { MadeLog } from './made-logs';
import { lineFields, lineOf, type MadeRequest } from './made-requests';
import { xmlEvent } from './made-xml';

const SPP = 'Microsoft-Windows-Security-SPP';
const iso = ({ minute }: MadeRequest): string => new Date(minute * 60_000 + 54_000).toISOString();
const all =
  (one: (request: MadeRequest, index: number) => string, between = '\n') =>
  (requests: readonly MadeRequest[]) =>
    requests.map(one).join(between) + between;

/** `wevtutil qe /f:text`, its labels in a language. */
const wevtutil = (labels: readonly string[], info: string) =>
  all((request, i) => {
    const values = [
      'Key Management Service',
      SPP,
      iso(request).slice(0, 23),
      '12290',
      'N/A',
      'kms01.example.test',
    ];
    const rows = labels.map((label, n) => `  ${label}: ${values[n]}`);
    return `Event[${i}]:\r\n${rows.join('\r\n')}\r\n  Description: \r\n${info}\r\nInfo:\r\n${lineOf(request)}\r\n`;
  }, '\r\n');

/** Format-List on a console of some width: long lines are cut, and go on indented. */
const formatList = (width: number) =>
  all((request) => {
    const label = (name: string, value: string): string => `${name.padEnd(13)}: ${value}`;
    const indent = ' '.repeat(15);
    const lines = ['An activation request has been processed.', '', 'Info:', lineOf(request)];
    const broken = lines.flatMap((line) => wrapped(line, width - indent.length));
    return [
      label('TimeCreated', '21.11.2026 07:16:54'),
      label('ProviderName', SPP),
      label('Id', '12290'),
      label('Message', broken.join(`\r\n${indent}`)),
      '',
      '',
    ].join('\r\n');
  }, '\r\n');

/** At spaces where there are any, within words where they are too long. */
function wrapped(line: string, width: number): string[] {
  const rows: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    rows.push(rest.slice(0, end));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...rows, rest];
}

const splunk = (request: MadeRequest, i: number): string =>
  [
    '11/21/2026 07:16:54 AM',
    'LogName=Key Management Service',
    'EventCode=12290',
    'EventType=4',
    'ComputerName=kms01.example.test',
    `SourceName=${SPP}`,
    `RecordNumber=${i + 1}`,
    'Message=An activation request has been processed.',
    '',
    'Info:',
    lineOf(request),
  ].join('\n');

/** What the Event Viewer copies: the event as text, then as XML. */
const copied = (request: MadeRequest, i: number): string =>
  `Log Name:      Key Management Service\r\nSource:        ${SPP}\r\nDate:          11/21/2026 7:16:54 AM\r\nEvent ID:      12290\r\nComputer:      kms01.example.test\r\n` +
  `Description:\r\nAn activation request has been processed.\r\nInfo:\r\n${lineOf(request)}\r\nEvent Xml:\r\n${xmlEvent(request, i + 1).replaceAll('><', '>\r\n  <')}\r\n`;

const cliXml = (requests: readonly MadeRequest[]): string =>
  `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n${requests
    .map(
      (request) =>
        `  <Obj RefId="0"><Props><I32 N="Id">12290</I32><S N="Message">An activation request has been processed._x000D__x000A__x000D__x000A_Info:_x000D__x000A_${lineOf(request)}</S></Props></Obj>`,
    )
    .join('\n')}\n</Objs>\n`;

const americanTime = (minute: number): string => {
  const [, year, month, day, hour, minutes] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(
    new Date(minute * 60_000).toISOString(),
  )!;
  const half = Number(hour) < 12 ? 'AM' : 'PM';
  return `${Number(month)}/${Number(day)}/${year} ${Number(hour) % 12 || 12}:${minutes} ${half}`;
};

const negative = (value: number): string => String(value | 0);

export const TEXT_LOGS: readonly MadeLog[] = [
  { name: 'lines.txt', write: all((request) => lineOf(request, { comma: ', ' })) },
  { name: 'lines-in-message.txt', write: all((request) => `Info: ${lineOf(request)}.`) },
  { name: 'lines-semicolons.txt', write: all((request) => lineOf(request, { comma: ';' })) },
  { name: 'lines-tabs.txt', write: all((request) => lineOf(request, { comma: '\t' }), '\r\n') },
  {
    name: 'lines-braces.txt',
    write: all((request) => lineOf(request, { guid: (guid) => `{${guid.toUpperCase()}}` })),
  },
  { name: 'lines-decimal.txt', write: all((request) => lineOf(request, { hresult: String })) },
  {
    name: 'lines-negative.txt',
    write: all((request) => lineOf(request, { hresult: negative, comma: ', ' })),
  },
  {
    name: 'lines-long-hexadecimal.txt',
    write: all((request) =>
      lineOf(request, { hresult: (value) => `0x${value.toString(16).padStart(8, '0')}` }),
    ),
  },
  {
    name: 'lines-iso-time.txt',
    write: all((request) => lineOf(request, { time: (minute) => new Date(minute * 60_000).toISOString() })),
  },
  {
    name: 'lines-without-messages.txt',
    write: all(
      (request) =>
        `The description for Event ID '1073754114' in Source '${SPP}' cannot be found. The following information is part of the event:'${lineFields(request).join("', '")}'`,
    ),
  },
  {
    name: 'lines-american-time.txt',
    write: all((request) => lineOf(request, { time: americanTime })),
  },
  {
    name: 'lines-question-marks.txt',
    losesLetters: true,
    write: (requests) => all((request) => lineOf(request))(requests).replace(/[^\x00-\x7f]/g, '?'),
  },
  {
    name: 'wevtutil-english.txt',
    write: wevtutil(
      ['Log Name', 'Source', 'Date', 'Event ID', 'Task', 'Computer'],
      'An activation request has been processed.',
    ),
  },
  {
    name: 'wevtutil-german.txt',
    write: wevtutil(
      ['Protokollname', 'Quelle', 'Datum', 'Ereignis-ID', 'Aufgabe', 'Computer'],
      'Eine Aktivierungsanforderung wurde verarbeitet.',
    ),
  },
  {
    name: 'wevtutil-japanese.txt',
    write: (requests) =>
      Buffer.from(
        wevtutil(
          ['ログの名前', 'ソース', '日付', 'イベント ID', 'タスク', 'コンピューター'],
          '要求が処理されました。',
        )(requests),
        'utf16le',
      ),
  },
  { name: 'format-list-wide.txt', write: formatList(400) },
  { name: 'format-list-120.txt', write: formatList(120) },
  { name: 'format-list-80.txt', write: formatList(80) },
  {
    name: 'format-list-coloured.txt',
    write: (requests) => formatList(120)(requests).replace(/^(\w+ *: )/gm, '\u001b[32;1m$1\u001b[0m'),
  },
  { name: 'splunk-raw.txt', write: all(splunk) },
  { name: 'event-viewer-copied.txt', write: all(copied, '\r\n') },
  {
    name: 'syslog.txt',
    write: all(
      (request) =>
        `<14>Nov 21 07:16:54 kms01 ${SPP}[12290]: An activation request has been processed. Info: ${lineOf(request)}`,
    ),
  },
  {
    name: 'snare.txt',
    write: all((request, i) =>
      [
        '<13>Nov 21 07:16:54 kms01 MSWinEventLog',
        '1',
        'Key Management Service',
        i,
        'Sat Nov 21 07:16:54 2026',
        12290,
        SPP,
        'N/A',
        'N/A',
        'Information',
        'kms01',
        'None',
        '',
        `An activation request has been processed.  Info:  ${lineOf(request)}`,
        i,
      ].join('\t'),
    ),
  },
  { name: 'export-clixml.xml', write: cliXml },
  {
    name: 'table.html',
    write: (requests) =>
      `<!DOCTYPE html><html><table>\n${all((request) => `<tr><td>12290</td><td>${lineFields(request).join(',')}</td></tr>`)(requests)}</table></html>`,
  },
];
