import { expect } from 'chai';
import Papa from 'papaparse';
import type { Exchange } from '../protocol';
import { csvHeader, csvLine, exchangesToJson, exchangeToJson } from './index';
import { exchangesOf } from './testing/exchanges-of';

const parseCsv = (text: string): string[][] =>
  Papa.parse<string[]>(text, { newline: '\r\n', skipEmptyLines: true }).data;

/** The first exchange of v4-refused.pcap with another workstation name. */
async function named(workstationName: string | Uint8Array): Promise<Exchange> {
  const [first] = (await exchangesOf('v4-refused.pcap')).exchanges;
  const { request } = first!;
  if (request.content.kind !== 'clear') throw new Error('the recording is version 4');
  const content = { ...request.content, value: { ...request.content.value, workstationName } };
  return { ...first!, request: { ...request, content } };
}

describe('exchanges as JSON', () => {
  it('have the shape of kmsspec.exchanges/1', async () => {
    const { exchanges, report } = await exchangesOf('v4-mixed-growth.pcap');
    const json = exchangesToJson(report, exchanges) as {
      schema: string;
      capture: unknown;
      exchanges: Record<string, unknown>[];
    };
    expect(json.schema).to.equal('kmsspec.exchanges/1');
    expect(json.capture).to.deep.equal({
      file: 'v4-mixed-growth.pcap',
      format: 'pcap',
      packets: 780,
      warnings: [],
    });
    const { request, response, ...first } = json.exchanges[0]! as Record<string, Record<string, unknown>>;
    // Times as tshark prints them.
    expect(first).to.deep.equal({
      index: 0,
      stream: 0,
      at: '2026-11-21T07:16:56.822317000Z',
      latencyMs: 0.095,
      client: '127.0.0.1:40316',
      host: '127.0.0.1:1688',
      transferSyntax: 'ndr32',
      sealed: false,
      refusal: null,
      fault: null,
      malformed: null,
    });
    expect(request).to.include({
      majorVersion: 4,
      requiredClientCount: 5,
      workstationName: 'LAB-SERVER.example.test',
    });
    expect(response).to.include({ currentClientCount: 1, activationIntervalMinutes: 120 });
    expect(request!.requestTime).to.be.a('string');
    expect(JSON.parse(JSON.stringify(json))).to.deep.equal(json);
  });

  it('tell refusals, faults, sealed messages, malformed and missing answers apart', async () => {
    const [refused] = (await exchangesOf('v4-refused.pcap')).exchanges;
    expect(exchangeToJson(refused!)).to.deep.include({
      response: null,
      refusal: { hresult: '0xC004F042', name: 'product not offered by this key' },
      fault: null,
    });
    const fault = exchangeToJson({ ...refused!, answer: { kind: 'fault', status: 0x1c010002 } });
    expect(fault).to.deep.include({
      refusal: null,
      fault: { status: '0x1C010002', name: 'nca_op_rng_error' },
    });
    const none = exchangeToJson({ ...refused!, answer: null, answeredAt: null });
    expect(none).to.deep.include({
      response: null,
      refusal: null,
      fault: null,
      malformed: null,
      latencyMs: null,
    });
    const error = {
      code: 'truncated',
      path: 'a.b',
      offset: 3,
      expected: '4 bytes',
      actual: '1 bytes',
    } as const;
    const malformed = exchangeToJson({
      ...refused!,
      answer: { kind: 'malformed', bytes: Buffer.of(1, 2), error },
    });
    expect(malformed.malformed).to.deep.equal({ message: 'answer', ...error, hex: '0102' });
    const [sealed] = (await exchangesOf('v6.pcap')).exchanges;
    expect(exchangeToJson(sealed!)).to.deep.include({ sealed: true, refusal: null });
    const { request } = refused!;
    const bytes = Buffer.of(7, 8);
    const unread = exchangeToJson({
      ...refused!,
      request: { ...request, bytes, content: { kind: 'malformed', error } },
    });
    expect(unread).to.deep.include({
      request: null,
      sealed: false,
      malformed: { message: 'request', ...error, hex: '0708' },
    });
  });
});

describe('exchanges as CSV', () => {
  it('have a column for each field, and one record each', async () => {
    const { exchanges } = await exchangesOf('v4-mixed-growth.pcap');
    const rows = parseCsv(csvHeader() + exchanges.map(csvLine).join(''));
    const [header, ...records] = rows as [string[], ...string[][]];
    expect(records).to.have.length(65);
    for (const record of records) expect(record).to.have.length(header.length);
    const column = (name: string): string[] => records.map((record) => record[header.indexOf(name)]!);
    expect(column('response.currentClientCount').slice(8, 17)).to.deep.equal([
      '9',
      '10',
      '10',
      '10',
      '10',
      '10',
      '10',
      '11',
      '12',
    ]);
    expect(new Set(column('request.workstationName')).size).to.equal(2);
  });

  it('have the clear part of what is sealed', async () => {
    for (const version of ['5', '6']) {
      const { exchanges } = await exchangesOf(`v${version}.pcap`);
      const [header, ...records] = parseCsv(csvHeader() + exchanges.map(csvLine).join(''));
      const cell = (record: string[], name: string): string => record[header!.indexOf(name)]!;
      expect(records).to.have.length(5);
      for (const record of records) {
        for (const side of ['request', 'response']) {
          expect(cell(record, `${side}.majorVersion`)).to.equal(version);
          expect(cell(record, `${side}.minorVersion`)).to.equal('0');
          expect(cell(record, `${side}.clientMachineId`)).to.equal('');
        }
        expect([cell(record, 'sealed'), cell(record, 'answer')]).to.deep.equal(['true', 'sealed']);
      }
    }
  });

  it('tell answers of every kind, and leave cells empty where there is none', async () => {
    const [exchange] = (await exchangesOf('v4-refused.pcap')).exchanges;
    const cells = (changed: Partial<Exchange>): Record<string, string> => {
      const [header, record] = parseCsv(csvHeader() + csvLine({ ...exchange!, ...changed })) as [
        string[],
        string[],
      ];
      return Object.fromEntries(header.map((name, index) => [name, record[index]!]));
    };
    expect(cells({})).to.include({ answer: 'refusal', hresult: '0xC004F042', fault: '' });
    const fault = cells({ answer: { kind: 'fault', status: 0x1c010002 } });
    expect(fault).to.include({ answer: 'fault', hresult: '', fault: '0x1C010002' });
    const none = cells({ answer: null, answeredAt: null });
    expect(none).to.include({ answer: 'none', latencyMs: '', 'response.currentClientCount': '' });
  });

  it('write a name that is no text as the octets that it is', async () => {
    const octets = Buffer.from('00d8410000', 'hex');
    const [header, record] = parseCsv(csvHeader() + csvLine(await named(octets))) as [string[], string[]];
    expect(record[header.indexOf('request.workstationName')]).to.equal('0x00d8410000');
  });

  it('quote what would break a record', async () => {
    for (const name of ['a,b', 'say "hi"', 'two\r\nlines', '"', ',', 'plain']) {
      const [, record] = parseCsv(csvHeader() + csvLine(await named(name)));
      expect(record).to.include(name);
    }
  });

  it('make no formula of a name', async () => {
    for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|" /C calc"!A0']) {
      const [, record] = parseCsv(csvHeader() + csvLine(await named(name)));
      expect(record).to.include(`'${name}`).and.not.include(name);
    }
    for (const name of ['kms-1', 'a=b', '1+1', '_@x']) {
      const [, record] = parseCsv(csvHeader() + csvLine(await named(name)));
      expect(record).to.include(name);
    }
  });
});
