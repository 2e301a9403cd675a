import type { MadeLog } from './made-logs';
import { lineFields, lineOf, type MadeRequest } from './made-requests';
import { xmlEvent } from './made-xml';

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const MESSAGE = 'An activation request has been processed.\r\n\r\nInfo:\r\n';
const message = (request: MadeRequest): string => MESSAGE + lineOf(request);
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

type Cells = (request: MadeRequest, index: number) => readonly string[];

/** @param loggedAt how the language writes the time of an event */
function table(header: string, cells: Cells, delimiter = ','): (requests: readonly MadeRequest[]) => string {
  return (requests) => {
    const rows = requests.map((request, i) => cells(request, i).join(delimiter));
    return `${[header, ...rows].join('\r\n')}\r\n`;
  };
}

const at = ({ minute }: MadeRequest): Date => new Date(minute * 60_000 + 54_000);
const two = (value: number): string => String(value).padStart(2, '0');
const clock = (date: Date): string =>
  `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
const dayFirst = (request: MadeRequest, separator: string): string => {
  const date = at(request);
  return `${two(date.getUTCDate())}${separator}${two(date.getUTCMonth() + 1)}${separator}${date.getUTCFullYear()} ${clock(date)}`;
};
const american = (request: MadeRequest): string => {
  const date = at(request);
  const hour = date.getUTCHours();
  const half = hour < 12 ? 'AM' : 'PM';
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${half}`;
};
const SPP = 'Microsoft-Windows-Security-SPP';

/** The Event Viewer's columns: the last one has no name. */
const viewer = (level: string, time: (request: MadeRequest) => string, none: string, info: string): Cells => {
  return (request) => [
    level,
    time(request),
    SPP,
    '12290',
    none,
    quoted(`${info}\r\n\r\nInfo:\r\n${lineOf(request)}`),
  ];
};

const evtxEcmd = (
  payload: (request: MadeRequest) => unknown,
): ((requests: readonly MadeRequest[]) => string) =>
  table(
    'RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,UserId,MapDescription,UserName,RemoteHost,PayloadData1,Keywords,ExtraDataOffset,Payload',
    (request, i) => [
      `${i + 1},${i + 1},${at(request).toISOString().replace('T', ' ').replace('Z', '0000')},12290,Info,${SPP},Key Management Service,0,0,kms01.example.test,0,,,,,,Classic,0`,
      quoted(JSON.stringify(payload(request))),
    ],
  );

export const CSV_LOGS: readonly MadeLog[] = [
  {
    name: 'event-viewer-english.csv',
    write: table(
      'Level,Date and Time,Source,Event ID,Task Category',
      viewer('Information', american, 'None', 'An activation request has been processed.'),
    ),
  },
  {
    name: 'event-viewer-german.csv',
    losesLetters: true,
    write: (requests) =>
      Buffer.from(
        table(
          'Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie',
          viewer(
            'Informationen',
            (request) => dayFirst(request, '.'),
            'Keine',
            'Eine Aktivierungsanforderung für ein Gerät wurde verarbeitet.',
          ),
        )(requests),
        'latin1',
      ),
  },
  {
    name: 'event-viewer-french.csv',
    write: table(
      'Niveau;Date et heure;Source;ID de l’événement;Catégorie de la tâche',
      viewer(
        'Information',
        (request) => dayFirst(request, '/'),
        'Aucun',
        'Une demande d’activation a été traitée.',
      ),
      ';',
    ),
  },
  {
    name: 'event-viewer-japanese.csv',
    write: (requests) =>
      utf16(
        table(
          'レベル,日付と時刻,ソース,イベント ID,タスクのカテゴリ',
          viewer(
            '情報',
            (request) => at(request).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' '),
            'なし',
            'ライセンス認証の要求が処理されました。',
          ),
        )(requests),
      ),
  },
  {
    name: 'event-viewer-unknown-language.csv',
    write: table(
      'Tase\tAiknes\tAllik\tNummer\tLiik',
      viewer('Teave', (request) => dayFirst(request, '.'), 'Pole', 'Tehtud.'),
      '\t',
    ),
  },
  {
    name: 'export-csv.csv',
    write: (requests) =>
      `#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n${table('"Message","Id","Version","Qualifiers","Level","ProviderName","LogName","MachineName","TimeCreated","RecordId"', (request, i) => [message(request), '12290', '0', '16384', '4', SPP, 'Key Management Service', 'kms01.example.test', american(request), String(i + 1)].map(quoted))(requests)}`,
  },
  {
    name: 'time-and-message.csv',
    write: table('"TimeCreated","Message"', (request) => [american(request), message(request)].map(quoted)),
  },
  { name: 'message-only.csv', write: table('"Message"', (request) => [quoted(message(request))]) },
  {
    name: 'get-eventlog.csv',
    write: table('"Index","TimeGenerated","EntryType","Source","InstanceId","Message"', (request, i) =>
      [String(i), american(request), 'Information', SPP, '1073754114', message(request)].map(quoted),
    ),
  },
  {
    name: 'wmi.csv',
    write: table('"EventCode","EventIdentifier","ComputerName","Message","TimeGenerated"', (request) =>
      ['12290', '1073754114', 'kms01', message(request), '20261121071654.000000-000'].map(quoted),
    ),
  },
  {
    name: 'evtxecmd-one.csv',
    write: evtxEcmd((request) => ({ EventData: { Data: lineOf(request, { comma: ', ' }) } })),
  },
  { name: 'evtxecmd-nine.csv', write: evtxEcmd((request) => ({ EventData: { Data: lineFields(request) } })) },
  {
    name: 'evtxecmd-joined.csv',
    write: evtxEcmd((request) => ({
      EventData: { Data: [lineOf(request), ...lineFields(request)].join(', ') },
    })),
  },
  {
    name: 'splunk-raw-xml.csv',
    write: table('"_time","_raw",host,sourcetype', (request, i) => [
      quoted(at(request).toISOString()),
      quoted(xmlEvent(request, i + 1)),
      'kms01',
      'XmlWinEventLog',
    ]),
  },
  {
    name: 'kibana.csv',
    write: table(
      '"@timestamp","winlog.event_id","winlog.computer_name","winlog.event_data.param1","winlog.event_data.param2","winlog.event_data.param3","winlog.event_data.param4","winlog.event_data.param5","winlog.event_data.param6","winlog.event_data.param7","winlog.event_data.param8","winlog.event_data.param9"',
      (request) =>
        [at(request).toISOString(), '12,290', 'kms01.example.test', ...lineFields(request)].map(quoted),
    ),
  },
];
