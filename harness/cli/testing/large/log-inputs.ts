import { join } from 'node:path';
import { packageRoot } from '../../../support/package-root';
import { xmlEvent } from '../../../jobs/events/testing/made-xml';
import { lineOf, madeRequests } from '../../../jobs/events/testing/made-requests';
import { writeEvtx } from '../../../jobs/events/testing/evtx-writer';
import { filled, type LargeInput, nested, numbered } from './large-input';

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-refused.pcap');
const [REQUEST] = madeRequests(1);
const LINE = lineOf(REQUEST!);
const XML = xmlEvent(REQUEST!, 1);

/** Each event of another machine. */
const machineLine = (i: number): string =>
  `${LINE.replace(REQUEST!.cmid.slice(-12), i.toString(16).padStart(12, '0'))}\n`;

/** An event log in each form, or what begins as one. */
const LOGS: Readonly<Record<string, (bytes: number) => string | Uint8Array>> = {
  'lines of events': (bytes) => filled(bytes, { piece: `${LINE}\n` }),
  'lines of UTF-16': (bytes) =>
    Buffer.from(`\ufeff${filled(bytes / 2 - 1, { piece: `${LINE}\n` })}`, 'utf16le'),
  'lines of other machines': (bytes) => numbered(bytes, { piece: machineLine }),
  'lines of labels': (bytes) => numbered(bytes, { piece: (i) => `Label${i}: ${i}\n` }),
  'one line of lines': (bytes) => filled(bytes, { piece: `${LINE} ` }),
  commas: (bytes) => filled(bytes, { before: `${LINE}\n`, piece: '0x0,' }),
  'empty lines': (bytes) => filled(bytes, { before: `${LINE}\n`, piece: '\n' }),
  'XML events': (bytes) => filled(bytes, { before: '<Events>', piece: XML, after: '</Events>' }),
  'empty XML events': (bytes) =>
    filled(bytes, { before: `<Events>${XML}`, piece: '<Event></Event>', after: '</Events>' }),
  'XML in XML': (bytes) => nested(bytes, '<a>', '</a>', [`<Events>${XML}<Event>`, '</Event></Events>']),
  'XML data': (bytes) =>
    filled(Math.min(bytes, 4_000_000), {
      before: '<Event><EventData>',
      piece: '<Data>1</Data>',
      after: '</EventData></Event>',
    }),
  'XML entities': (bytes) =>
    filled(Math.min(bytes, 4_000_000), {
      before: '<Event><EventData><Data>',
      piece: '&amp;',
      after: '</Data></EventData></Event>',
    }),
  'XML attributes': (bytes) =>
    numbered(Math.min(bytes, 4_000_000), {
      before: '<Event ',
      piece: (i) => `a${i}="1" `,
      after: '></Event>',
    }),
  'JSON lines': (bytes) => filled(bytes, { piece: `${JSON.stringify({ EventID: 12290, Message: LINE })}\n` }),
  'empty JSON objects': (bytes) =>
    filled(bytes, {
      before: `[${JSON.stringify({ EventID: 12290, Message: LINE })}`,
      piece: ',{}',
      after: ']',
    }),
  'a JSON object of many keys': (bytes) =>
    numbered(bytes, { before: '{"EventID":12290', piece: (i) => `,"k${i}":1`, after: '}' }),
  'JSON in JSON': (bytes) => nested(bytes, '{"a":[', ']}'),
  'JSON events in one object': (bytes) =>
    filled(bytes, { before: '{"hits":[{"EventID":1}', piece: ',{"EventID":1}', after: ']}' }),
  'JSON of empty objects in one object': (bytes) =>
    filled(bytes, { before: '{"hits":[{"EventID":1}', piece: ',{}', after: ']}' }),
  'JSON of numbers in one object': (bytes) =>
    filled(bytes, { before: '{"hits":[1', piece: ',1', after: ']}' }),
  'JSON of a long text': (bytes) =>
    filled(bytes, { before: '{"EventID":12290,"Message":"', piece: '1,', after: '"}' }),
  'CSV rows': (bytes) => filled(bytes, { before: 'Id,Message\n', piece: `12290,"${LINE}"\n` }),
  'CSV columns': (bytes) => numbered(bytes, { before: 'Id,Message\n12290,x\n1', piece: (i) => `,${i}` }),
  'a CSV quote that stays open': (bytes) =>
    filled(bytes, { before: 'Id,Message\n12290,"', piece: `${LINE}\n` }),
  'CSV quotes': (bytes) => filled(bytes, { before: 'Id,Message\n12290,"', piece: '""' }),
  'evtx records': (bytes) =>
    writeEvtx(Array.from({ length: Math.floor(bytes / 1300) }, () => ({ id: 12290, data: [LINE] }))).subarray(
      0,
      bytes,
    ),
};

export const LOG_INPUTS: readonly LargeInput[] = Object.entries(LOGS).map(([shape, make]) => ({
  format: 'an event log',
  shape,
  make,
  argv: (file) => ['correlate', CAPTURE, file],
}));
