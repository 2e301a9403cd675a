import type { MadeLog } from './made-logs';
import { lineFields, lineOf, type MadeRequest } from './made-requests';
import { xmlEvent } from './made-xml';

const SPP = 'Microsoft-Windows-Security-SPP';
const message = (request: MadeRequest): string =>
  `An activation request has been processed.\r\n\r\nInfo:\r\n${lineOf(request)}`;
const iso = ({ minute }: MadeRequest): string => new Date(minute * 60_000 + 54_000).toISOString();
const lines = (objects: readonly unknown[]): string =>
  `${objects.map((object) => JSON.stringify(object)).join('\n')}\n`;

/** Windows PowerShell escapes slashes of its dates. */
const powerShell = (value: unknown): string =>
  JSON.stringify(value, null, 4).replace(/"\/Date\((\d+)\)\/"/g, '"\\/Date($1)\\/"');

const winEvent = (request: MadeRequest, i: number): unknown => ({
  Id: 12290,
  Version: 0,
  Qualifiers: 16384,
  Level: 4,
  RecordId: i + 1,
  ProviderName: SPP,
  LogName: 'Key Management Service',
  MachineName: 'kms01.example.test',
  TimeCreated: `/Date(${request.minute * 60_000 + 54_000})/`,
  KeywordsDisplayNames: ['Classic'],
  Properties: lineFields(request).map((value) => ({ Value: value })),
  Message: message(request),
});

const sortedByName = (entries: readonly [string, string][]): Record<string, string> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const beat = (request: MadeRequest, i: number, data: readonly string[]): Record<string, unknown> => ({
  '@timestamp': iso(request),
  event: { code: '12290', kind: 'event', provider: SPP },
  host: { name: 'kms01' },
  winlog: {
    event_id: 12290,
    record_id: i + 1,
    channel: 'Key Management Service',
    provider_name: SPP,
    computer_name: 'kms01.example.test',
    // Go writes the keys of a map sorted: param1, param10, param2.
    event_data: sortedByName(data.map((value, n): [string, string] => [`param${n + 1}`, value])),
  },
});

const nxlog = (request: MadeRequest, i: number): unknown => ({
  EventTime: iso(request).slice(0, 19).replace('T', ' '),
  Hostname: 'kms01.example.test',
  EventType: 'INFO',
  EventID: 12290,
  SourceName: SPP,
  RecordNumber: i + 1,
  Channel: 'Key Management Service',
  Message: message(request),
});

const converted = (request: MadeRequest, i: number): unknown => ({
  Event: {
    '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    System: {
      Provider: { '#attributes': { Name: SPP } },
      EventID: { '#attributes': { Qualifiers: 16384 }, '#text': 12290 },
      TimeCreated: { '#attributes': { SystemTime: iso(request) } },
      EventRecordID: i + 1,
      Computer: 'kms01.example.test',
    },
    EventData: { Data: { '#text': lineFields(request) } },
  },
});

export const JSON_LOGS: readonly MadeLog[] = [
  { name: 'convertto-json.json', write: (requests) => powerShell(requests.map(winEvent)) },
  {
    name: 'convertto-json-utf16.json',
    write: (requests) => Buffer.from(`\uFEFF${powerShell(requests.map(winEvent))}`, 'utf16le'),
  },
  {
    name: 'properties-only.json',
    write: (requests) =>
      JSON.stringify(requests.map((request, i) => ({ ...(winEvent(request, i) as object), Message: null }))),
  },
  {
    name: 'get-eventlog.json',
    write: (requests) =>
      JSON.stringify(
        requests.map((request) => ({
          EventID: 12290,
          InstanceId: 1073754114,
          MachineName: 'kms01',
          ReplacementStrings: [lineOf(request), ...lineFields(request)],
          Source: SPP,
        })),
      ),
  },
  {
    name: 'winlogbeat-message.json',
    write: (requests) =>
      lines(requests.map((request, i) => ({ ...beat(request, i, []), message: message(request) }))),
  },
  {
    name: 'winlogbeat-nine.json',
    write: (requests) => lines(requests.map((request, i) => beat(request, i, lineFields(request)))),
  },
  {
    name: 'winlogbeat-ten.json',
    write: (requests) =>
      lines(requests.map((request, i) => beat(request, i, [lineOf(request), ...lineFields(request)]))),
  },
  {
    name: 'elasticsearch.json',
    write: (requests) =>
      JSON.stringify({
        took: 5,
        hits: {
          total: { value: requests.length },
          hits: requests.map((request, i) => ({
            _index: 'winlogbeat',
            _id: `a${i}`,
            _source: beat(request, i, [lineOf(request)]),
          })),
        },
      }),
  },
  { name: 'nxlog.json', write: (requests) => lines(requests.map(nxlog)) },
  { name: 'converted-from-xml.json', write: (requests) => lines(requests.map(converted)) },
  {
    name: 'converted-with-root.json',
    write: (requests) => JSON.stringify({ Events: requests.map(converted) }, null, 1),
  },
  {
    name: 'splunk.json',
    write: (requests) =>
      lines(
        requests.map((request, i) => ({
          preview: false,
          offset: i,
          result: { _raw: xmlEvent(request, i + 1), host: 'kms01' },
        })),
      ),
  },
  {
    name: 'evtxecmd.json',
    write: (requests) =>
      lines(
        requests.map((request, i) => ({
          EventId: 12290,
          EventRecordId: String(i + 1),
          Computer: 'kms01',
          Payload: JSON.stringify({ EventData: { Data: lineFields(request) } }),
        })),
      ),
  },
];
