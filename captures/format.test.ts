import path from 'node:path';
import { expect } from 'chai';
import Papa from 'papaparse';
import type { Exchange } from '../protocol';
import {
  csvHeader,
  csvLine,
  describeExchange,
  exchangesToJson,
  exchangeToJson,
  formatTime,
  readExchanges,
  tableHeader,
  tableRow,
} from './index';
import { CORPUS } from './testing/recorded';

async function read(name: string) {
  const reader = readExchanges(path.join(CORPUS, name), { name });
  const exchanges: Exchange[] = [];
  for await (const exchange of reader) exchanges.push(exchange);
  return { exchanges, report: reader.report! };
}

const parseCsv = (text: string): string[][] =>
  Papa.parse<string[]>(text, { newline: '\r\n', skipEmptyLines: true }).data;

/** The first exchange of v4-refused.pcap with another workstation name. */
async function named(workstationName: string | Uint8Array): Promise<Exchange> {
  const [first] = (await read('v4-refused.pcap')).exchanges;
  const { request } = first!;
  if (request.content.kind !== 'clear') throw new Error('the recording is version 4');
  const content = { ...request.content, value: { ...request.content.value, workstationName } };
  return { ...first!, request: { ...request, content } };
}

describe('exchanges as JSON', () => {
  it('have the shape of kmsspec.exchanges/1', async () => {
    const { exchanges, report } = await read('v4-mixed-growth.pcap');
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
    const [refused] = (await read('v4-refused.pcap')).exchanges;
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
    const [sealed] = (await read('v6.pcap')).exchanges;
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
    const { exchanges } = await read('v4-mixed-growth.pcap');
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
      const { exchanges } = await read(`v${version}.pcap`);
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
    const [exchange] = (await read('v4-refused.pcap')).exchanges;
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
});

describe('exchanges for people', () => {
  it('are a line each under one header', async () => {
    const { exchanges } = await read('v4-refused.pcap');
    expect(tableHeader()).to.match(
      /^# +time +answer +N +client machine id +version +name +ms +client +host +meaning$/,
    );
    const rows = exchanges.map(tableRow);
    expect(rows).to.have.length(3);
    expect(rows[0]).to.match(/^0 +07:17:07\.724508 +0xC004F042 +5 .* product not offered by this key$/);
    expect(rows[2]).to.match(
      /^2 +07:17:07\.730096 +0x8007000D +5000 .* LAB-CLIENT\.example\.test .*127\.0\.0\.1:1688 +invalid data$/,
    );
    // Each column begins where its title does.
    for (const title of ['answer', 'N', 'client machine id', 'version', 'name', 'meaning']) {
      const at = tableHeader().indexOf(title);
      for (const line of rows) expect(line.slice(at - 2, at + 1), title).to.match(/^ {2}\S$/);
    }
  });

  it('are told field by field', async () => {
    const { exchanges } = await read('v4-mixed-growth.pcap');
    const text = describeExchange(exchanges[0]!).join('\n');
    expect(text).to.match(/requiredClientCount +5\n/);
    expect(text).to.match(/answer: count 1\n/);
    expect(text).to.match(/ePid +"55041-/);
    const sealed = describeExchange((await read('v5.pcap')).exchanges[0]!).join('\n');
    expect(sealed).to.match(/majorVersion +5 \(v5\)/);
    expect(sealed).to.match(/sealed +[0-9a-f]{400,}/);
  });

  it('say what did not decode, where and why, and what did not come', async () => {
    const [exchange] = (await read('v4-refused.pcap')).exchanges;
    const error = {
      code: 'truncated',
      path: 'kms.request.skuId',
      offset: 36,
      expected: '16 bytes',
      actual: '3 bytes',
    } as const;
    const told = '    malformed: kms.request.skuId at byte 36: expected 16 bytes, found 3 bytes';
    const { request } = exchange!;
    const unread: Exchange = { ...exchange!, request: { ...request, content: { kind: 'malformed', error } } };
    expect(describeExchange(unread)).to.include(told);
    expect(tableRow(unread)).to.match(/malformed +- ndr32/);
    const answer = { kind: 'malformed', bytes: Buffer.of(1), error } as const;
    expect(describeExchange({ ...exchange!, answer }).slice(-2)).to.deep.equal([
      '  answer: malformed: kms.request.skuId',
      '    kms.request.skuId at byte 36: expected 16 bytes, found 3 bytes',
    ]);
    const silent: Exchange = { ...exchange!, answer: null, answeredAt: null };
    expect(describeExchange(silent).at(-1)).to.equal('  answer: no answer');
    expect(tableRow(silent)).to.match(/ no answer +5 /);
    const fault = { ...exchange!, answer: { kind: 'fault', status: 0x1c010002 } } as const;
    expect(describeExchange(fault)).to.include('  answer: fault 0x1C010002 nca_op_rng_error');
    const [sealed] = (await read('v6.pcap')).exchanges;
    expect(tableRow(sealed!)).to.match(/ sealed +sealed +v6 ndr/);
  });

  it('let no control character of a stranger reach the terminal', async () => {
    const hostile = await named('\u001b[2J\u0007\u009b1m\r\nname\u202e');
    for (const line of [tableRow(hostile), ...describeExchange(hostile)]) {
      expect(line).to.not.match(/\p{Cc}|\u202e/u);
    }
  });

  it('write times with nanoseconds, before 1970 too', () => {
    expect(formatTime(0n)).to.equal('1970-01-01T00:00:00.000000000Z');
    expect(formatTime(-1n)).to.equal('1969-12-31T23:59:59.999999999Z');
    expect(formatTime(1_795_245_415_123_456_789n)).to.equal('2026-11-21T07:16:55.123456789Z');
    expect(formatTime(1n << 63n)).to.equal('2262-04-11T23:47:16.854775808Z');
    expect(formatTime(10n ** 25n)).to.equal('10000000000000000000000000 ns');
  });
});
