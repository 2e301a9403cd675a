import { expect } from 'chai';
import { join } from 'node:path';
import { readExchanges } from '../../../captures';
import { type Exchange, kmsRequest, toJson } from '../../../protocol';
import { packageRoot } from '../../support/package-root';
import { correlate } from './correlate';
import { exchangeEventLine } from './format-events';
import { correlationToJson, countVerdicts, formatCorrelation } from './format-correlation';
import { type EventLog, parseEventLog } from './read-log';
import { requestsOfCapture, type SeenRequest } from './requests';

const CORPUS = join(packageRoot(), 'captures/corpus');

async function recorded(name: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const exchange of readExchanges(join(CORPUS, name))) exchanges.push(exchange);
  return exchanges;
}

/** A log as a host would have written it, made from the JSON of the recorded requests. */
function logOf(exchanges: readonly Exchange[], hoursAhead = 0): string {
  return exchanges
    .map(({ request, answer }) => {
      if (request.content.kind !== 'clear') throw new Error('not in this capture');
      const fields = toJson(kmsRequest, request.content.value) as Record<string, string | number>;
      const ms =
        Number(BigInt(fields['requestTime']!) / 10_000n - 11_644_473_600_000n) + hoursAhead * 3_600_000;
      const at = new Date(ms);
      const time = `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()} ${at.getUTCHours()}:${String(at.getUTCMinutes()).padStart(2, '0')}`;
      const hresult = answer?.kind === 'refusal' ? `0x${answer.hresult.toString(16)}` : '0x0';
      return [
        hresult,
        fields['requiredClientCount'],
        fields['workstationName'],
        fields['clientMachineId'],
        time,
        fields['isVirtualMachine'],
        fields['licenseStatus'],
        fields['bindingExpirationMinutes'],
        fields['skuId'],
      ].join(', ');
    })
    .join('\n');
}

const eventsOf = (text: string): EventLog => parseEventLog(Buffer.from(text), 'log');
const verdictsOf = (seen: readonly SeenRequest[], text: string) =>
  countVerdicts(correlate(seen, eventsOf(text)));
const ALL = { logged: 0, loggedDifferently: 0, missed: 0, undecided: 0, unmatched: 0 };

describe('inspect --events', () => {
  it('prints what a Windows host logs, for each recorded exchange', async () => {
    for (const name of [
      'v4-threshold-clients.pcap',
      'v4-one-connection-ndr64.pcap',
      'v4-mixed-growth.pcap',
    ]) {
      const exchanges = await recorded(name);
      expect(exchanges.map(exchangeEventLine).join('\n'), name).to.equal(logOf(exchanges));
    }
    const refused = (await recorded('v4-refused.pcap')).map(exchangeEventLine);
    expect(refused.map((line) => line!.split(',')[0])).to.deep.equal([
      '0xC004F042',
      '0xC004F042',
      '0x8007000D',
    ]);
  });

  it('prints nothing for what never came to the service', async () => {
    const [exchange] = await recorded('v4-threshold-clients.pcap');
    expect(exchangeEventLine({ ...exchange!, answer: null })).to.equal(null);
    expect(exchangeEventLine({ ...exchange!, answer: { kind: 'fault', status: 5 } })).to.equal(null);
  });

  it('says of a sealed request what there is to say', async () => {
    const [exchange] = await recorded('v6.pcap');
    expect(exchangeEventLine(exchange!)).to.equal('0x0, 260 bytes that are no version 4.0 request');
  });
});

describe('correlating a capture with an event log', () => {
  let exchanges: Exchange[];
  let seen: readonly SeenRequest[];
  before(async () => {
    exchanges = await recorded('v4-threshold-clients.pcap');
    seen = (await requestsOfCapture(exchanges)).requests;
  });

  it('finds all logged where they are', () => {
    expect(verdictsOf(seen, logOf(exchanges))).to.deep.equal({ ...ALL, logged: 30 });
  });

  it('does not mind the order of the log, nor its time zone', () => {
    const lines = logOf(exchanges, -7).split('\n').reverse().join('\n');
    const correlation = correlate(seen, eventsOf(lines));
    expect(countVerdicts(correlation)).to.deep.equal({ ...ALL, logged: 30 });
    expect(correlation.offsets.map(({ offset }) => offset)).to.deep.equal([-420]);
    expect(formatCorrelation(correlation, 0)).to.contain('client times in UTC-07:00');
  });

  it('tells what the host missed, and what it logged of others', () => {
    const lines = logOf(exchanges).split('\n');
    const stranger = lines[0]!
      .replace(/, [^,]+, [0-9a-f]{8}-/, ', stranger, 00000000-')
      .replace(/\d+:\d\d/, '0:00');
    const kept = lines.filter((_, i) => i !== 3 && i !== 29);
    const correlation = correlate(seen, eventsOf([...kept, stranger].join('\n')));
    expect(countVerdicts(correlation)).to.deep.equal({ ...ALL, logged: 28, missed: 2, unmatched: 1 });
    const missed = correlation.requests.filter(({ verdict }) => verdict === 'missed');
    expect(missed.map((request) => request.seen.where)).to.deep.equal(['exchange 3', 'exchange 29']);
    expect(formatCorrelation(correlation, 2))
      .to.match(/^missed: exchange 3, /)
      .and.to.contain('2 requests are sealed');
  });

  const edits: readonly (readonly [string, (parts: string[]) => void])[] = [
    ['hresult', (parts) => (parts[0] = '0xC004F042')],
    ['requiredClientCount', (parts) => (parts[1] = '5')],
    ['workstationName', (parts) => (parts[2] = 'other')],
    ['clientMachineId', (parts) => (parts[3] = '00000000-0000-4000-8000-000000000000')],
    ['requestTime', (parts) => (parts[4] = '2026/11/21 8:01')],
    ['isVirtualMachine', (parts) => (parts[5] = '1')],
    ['licenseStatus', (parts) => (parts[6] = '6')],
    ['bindingExpirationMinutes', (parts) => (parts[7] = '7')],
    ['skuId', (parts) => (parts[8] = '00000000-0000-4000-8000-000000000000')],
  ];
  for (const [field, edit] of edits) {
    it(`tells where the host logged another ${field}`, () => {
      const lines = logOf(exchanges).split('\n');
      const parts = lines[5]!.split(', ');
      edit(parts);
      lines[5] = parts.join(', ');
      const correlation = correlate(seen, eventsOf(lines.join('\n')));
      expect(countVerdicts(correlation)).to.deep.equal({ ...ALL, logged: 29, loggedDifferently: 1 });
      expect(correlation.requests[5]!.differences.map((difference) => difference.field)).to.deep.equal([
        field,
      ]);
    });
  }

  it('matches each renewal of one machine with an event of its own', async () => {
    const twice = [...exchanges.slice(0, 2), ...exchanges.slice(0, 2)];
    const requests = (await requestsOfCapture(twice)).requests;
    expect(verdictsOf(requests, logOf(twice))).to.deep.equal({ ...ALL, logged: 4 });
    expect(verdictsOf(requests, logOf(exchanges.slice(0, 2)))).to.deep.equal({
      ...ALL,
      logged: 2,
      missed: 2,
    });
  });

  it('accepts whatever the host logged where no answer was seen', async () => {
    const cut = exchanges.slice(0, 1).map((exchange) => ({ ...exchange, answer: null }));
    const { requests } = await requestsOfCapture(cut);
    const refused = logOf(exchanges.slice(0, 1)).replace('0x0', '0xC004F042');
    expect(verdictsOf(requests, refused)).to.deep.equal({ ...ALL, logged: 1 });
  });

  it('counts sealed requests as not comparable', async () => {
    const { requests, notComparable } = await requestsOfCapture(await recorded('v6.pcap'));
    expect(requests).to.deep.equal([]);
    expect(notComparable).to.equal(5);
  });

  it('writes no control characters, and JSON with every verdict', () => {
    const evil = logOf(exchanges).replace(/^0x0, 25, [^,]+/, '0x0, 25, \u001b]0;x\u0007');
    const correlation = correlate(seen, eventsOf(evil));

    expect(formatCorrelation(correlation, 0)).to.not.match(/[\u0000-\u0009\u000b-\u001f]/);
    expect(correlationToJson(correlation, 0)).to.deep.include({
      schema: 'kmsspec.correlation/1',
      summary: { logged: 29, loggedDifferently: 1, missed: 0, undecided: 0, unmatched: 0, notComparable: 0 },
    });
  });
});
