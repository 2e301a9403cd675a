import type { MadeLog } from './made-logs';
import { lineFields, lineOf, type MadeRequest } from './made-requests';
import { xmlEvent } from './made-xml';

/** Logs as consoles, daemons and programs without the messages of KMS leave them. */

const SPP = 'Microsoft-Windows-Security-SPP';
const MESSAGE = 'An activation request has been processed.\r\n\r\nInfo:\r\n';
const message = (request: MadeRequest): string => MESSAGE + lineOf(request);

type Write = (requests: readonly MadeRequest[]) => string;
const all =
  (one: (request: MadeRequest, index: number) => string, between = '\n'): Write =>
  (requests) =>
    requests.map(one).join(between) + between;

/** A text cut at a width, as consoles do where no space is near. */
const brokenAt = (width: number, text: string): string[] =>
  text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

/** `Get-WinEvent | Format-Table -Wrap`: the message in a column at the right, under the name of who logged. */
const wrappedTable =
  (width: number): Write =>
  (requests) => {
    const columns = 'TimeCreated                      Id LevelDisplayName ';
    const rows = requests.flatMap((request) => {
      const [first = '', ...rest] = [
        ...brokenAt(width, 'An activation request has been processed.'),
        '',
        'Info:',
        ...brokenAt(width, lineOf(request)),
      ];
      const left = '11/21/2026 7:16:54 AM         12290 Information      ';
      return [left + first, ...rest.map((row) => ' '.repeat(columns.length) + row)];
    });
    return ['', `   ProviderName: ${SPP}`, '', `${columns}Message`, ...rows, ''].join('\r\n');
  };

/** As the Event Viewer has an event of which it has no message: its values, a line each. */
const listed = (request: MadeRequest): string =>
  `The description for Event ID 12290 from source ${SPP} cannot be found.\r\n\r\nThe following information was included with the event: \r\n\r\n` +
  `${lineFields(request).join('\r\n')}\r\n\r\nThe handle is invalid\r\n`;

const syslog = (lineEnd: string): Write =>
  all(
    (request) =>
      `<14>Nov 21 07:16:54 kms01 ${SPP}: Processed.${lineEnd}Info:${lineEnd}${lineOf(request)}${lineEnd}`,
  );

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const idAnd =
  (column: string, value: (request: MadeRequest) => string): Write =>
  (requests) =>
    [`"Id","${column}"`, ...requests.map((request) => `12290,${quoted(value(request))}`)].join('\r\n');

const elements = (name: string, request: MadeRequest): string =>
  lineFields(request)
    .map((value) => `<${name}>${value}</${name}>`)
    .join('');

export const ODD_LOGS: readonly MadeLog[] = [
  { name: 'format-table-wrapped-26.txt', write: wrappedTable(26) },
  {
    name: 'format-table-wrapped-67.txt',
    write: (requests) => Buffer.from(wrappedTable(67)(requests), 'utf16le'),
  },
  {
    name: 'expanded-80.txt',
    write: all((request) => MESSAGE + brokenAt(80, lineOf(request)).join('\r\n'), '\r\n'),
  },
  {
    name: 'copied-without-messages.txt',
    write: all(
      (request) =>
        `Log Name:      Key Management Service\r\nEvent ID:      12290\r\nDescription:\r\n${listed(request)}`,
    ),
  },
  { name: 'without-messages.csv', write: idAnd('Message', listed) },
  {
    name: 'values-listed.yaml',
    write: all(
      (request) =>
        `- EventID: 12290\n  Data:\n${lineFields(request)
          .map((value) => `    - "${value}"`)
          .join('\n')}`,
    ),
  },
  {
    name: 'properties-between-spaces.csv',
    write: idAnd('Properties', (request) => lineFields(request).join(' ')),
  },
  { name: 'parameters.csv', write: idAnd('ParameterXml', (request) => elements('Param', request)) },
  { name: 'syslog-octal.txt', write: syslog('#015#012') },
  { name: 'syslog-hexadecimal.txt', write: syslog('\\x0d\\x0a') },
  { name: 'syslog-entities.txt', write: syslog('&#13;&#10;') },
  {
    name: 'clixml-one-line.xml',
    write: (requests) =>
      `<Objs>${requests.map((request) => `<Obj><Props><I32 N="Id">12290</I32><S N="Message">${message(request).replaceAll('\r\n', '_x000D__x000A_')}</S></Props></Obj>`).join('')}</Objs>`,
  },
  {
    name: 'array-of-strings.xml',
    write: (requests) =>
      requests
        .map((request, i) => xmlEvent(request, i + 1, () => ['@']).replace('@', elements('string', request)))
        .join('\n'),
  },
  {
    name: 'dumped-records.txt',
    write: all(
      (request, i) =>
        `Record ${i}\n<?xml version="1.0" encoding="utf-8"?>\n${xmlEvent(request, i, lineFields)}`,
    ),
  },
  {
    name: 'graylog.json',
    write: all(
      (request) => JSON.stringify({ version: '1.1', full_message: message(request), _EventID: 12290 }),
      '\0',
    ),
  },
  {
    name: 'rows.json',
    write: (requests) =>
      JSON.stringify({
        fields: ['EventCode', 'Message'],
        rows: requests.map((request) => ['12290', message(request)]),
      }),
  },
  {
    name: 'telemetry.json',
    write: (requests) =>
      JSON.stringify({
        logRecords: requests.map((request) => ({
          body: { values: [{ key: 'message', value: { stringValue: message(request) } }] },
        })),
      }),
  },
  {
    name: 'appended-in-utf16.txt',
    write: (requests) => {
      const lines = requests.map((request) => `${lineOf(request)}\r\n`);
      return Buffer.concat([Buffer.from(lines[0]!), Buffer.from(lines.slice(1).join(''), 'utf16le')]);
    },
    losesLetters: true,
  },
  {
    name: 'arabic-digits.csv',
    write: idAnd('Message', (request) =>
      lineOf(request, {
        time: (minute) =>
          new Date(minute * 60_000)
            .toISOString()
            .slice(0, 16)
            .replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))),
      }),
    ),
  },
];
