import type { MadeLog } from './made-logs';
import { writeEvtx } from './evtx-writer';
import { lineFields, lineOf, type MadeRequest } from './made-requests';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Data = (request: MadeRequest) => readonly string[];
const spaced: Data = (request) => [lineOf(request, { comma: ', ' })];
const nine: Data = (request) => lineFields(request);
const ten: Data = (request) => [lineOf(request), ...lineFields(request)];

const system = (id: number, record: number, minute: number, prefix = ''): string =>
  `<${prefix}System><${prefix}Provider Name='Microsoft-Windows-Security-SPP' Guid='{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}' EventSourceName='KmsRequests'/>` +
  `<${prefix}EventID Qualifiers='16384'>${id}</${prefix}EventID><${prefix}Version>0</${prefix}Version><${prefix}Level>4</${prefix}Level>` +
  `<${prefix}TimeCreated SystemTime='${new Date(minute * 60_000).toISOString()}'/><${prefix}EventRecordID>${record}</${prefix}EventRecordID>` +
  `<${prefix}Channel>Key Management Service</${prefix}Channel><${prefix}Computer>kms01.example.test</${prefix}Computer></${prefix}System>`;

/** One event as `wevtutil qe /f:xml` prints it. */
export function xmlEvent(request: MadeRequest, record: number, data: Data = spaced, rendering = ''): string {
  const values = data(request).map((value) => `<Data>${escaped(value)}</Data>`);
  return (
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>${system(12290, record, request.minute)}` +
    `<EventData>${values.join('')}</EventData>${rendering}</Event>`
  );
}

const events = (requests: readonly MadeRequest[], data: Data): string[] =>
  requests.map((request, i) => xmlEvent(request, i + 1, data));

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** A line for each tag, as editors and MSXML lay it out. */
const pretty = (text: string): string => text.replaceAll('><', '>\r\n  <');

/** As `/f:RenderedXml` has it, in German. */
const rendered = (request: MadeRequest): string =>
  `<RenderingInfo Culture='de-DE'><Message>Eine Aktivierungsanforderung wurde verarbeitet.\n\nInfo:\n${escaped(lineOf(request))}</Message>` +
  '<Level>Informationen</Level><Task></Task><Opcode>Info</Opcode><Keywords><Keyword>Klassisch</Keyword></Keywords></RenderingInfo>';

const prefixed = (request: MadeRequest, record: number): string =>
  `<e:Event xmlns:e='urn:x'>${system(12290, record, request.minute, 'e:')}<e:EventData><e:Data>${escaped(lineOf(request))}</e:Data></e:EventData></e:Event>`;

export const XML_LOGS: readonly MadeLog[] = [
  { name: 'one-data.xml', write: (requests) => events(requests, spaced).join('\n') },
  { name: 'nine-data.xml', write: (requests) => events(requests, nine).join('') },
  { name: 'ten-data.xml', write: (requests) => events(requests, ten).join('\r\n') },
  {
    name: 'event-viewer.xml',
    write: (requests) =>
      `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>${events(requests, nine).join('')}</Events>`,
  },
  {
    name: 'powershell-utf16.xml',
    write: (requests) =>
      utf16(
        `\uFEFF<?xml version="1.0" encoding="utf-16"?>\r\n<Events>${events(requests, spaced).join('\r\n')}</Events>`,
      ),
  },
  { name: 'utf16-without-mark.xml', write: (requests) => utf16(events(requests, ten).join('\r\n')) },
  {
    name: 'utf16-big-endian.xml',
    write: (requests) => utf16(`\uFEFF${events(requests, nine).join('\n')}`).swap16(),
  },
  {
    name: 'rendered-german.xml',
    write: (requests) =>
      requests.map((request, i) => xmlEvent(request, i + 1, () => [], rendered(request))).join('\n'),
  },
  { name: 'pretty.xml', write: (requests) => pretty(`<Events>${events(requests, nine).join('')}</Events>`) },
  {
    name: 'prefixed.xml',
    write: (requests) => `<x>${requests.map((request, i) => prefixed(request, i)).join('')}</x>`,
  },
  {
    name: 'files-one-behind-another.xml',
    write: (requests) =>
      events(requests, ten)
        .map((event) => `<?xml version="1.0"?>\n<Events>${event}</Events>\n`)
        .join('\uFEFF'),
  },
  {
    name: 'forwarded-user-data.xml',
    write: (requests) =>
      requests
        .map((request, i) =>
          xmlEvent(request, i + 1, nine)
            .replace('<EventData>', '<UserData><KmsRequest xmlns="urn:kms">')
            .replace('</EventData>', '</KmsRequest></UserData>')
            .replaceAll(/<Data>([^<]*)<\/Data>/g, '<Field>$1</Field>'),
        )
        .join(''),
  },
];

const made = (data: Data) => (requests: readonly MadeRequest[]) =>
  requests.map((request, i) => ({
    id: 12290,
    data: data(request),
    recordId: i + 1,
    loggedAt: request.minute * 60_000,
  }));

export const EVTX_LOGS: readonly MadeLog[] = [
  { name: 'one-string.evtx', write: (requests) => writeEvtx(made(spaced)(requests)) },
  { name: 'nine-strings.evtx', write: (requests) => writeEvtx(made(nine)(requests)) },
  { name: 'ten-strings.evtx', write: (requests) => writeEvtx(made(ten)(requests), { recordsPerChunk: 2 }) },
  { name: 'template-within.evtx', write: (requests) => writeEvtx(made(nine)(requests), { data: 'nested' }) },
  {
    name: 'dirty.evtx',
    write: (requests) => writeEvtx(made(spaced)(requests), { data: 'nested', dirty: true }),
  },
];
