import { expect } from 'chai';
import type { Exchange } from '../protocol';
import { describeExchange, formatTime, tableHeader, tableRow } from './index';
import { exchangesOf } from './testing/exchanges-of';

async function named(workstationName: string | Uint8Array): Promise<Exchange> {
  const [first] = (await exchangesOf('v4-refused.pcap')).exchanges;
  const { request } = first!;
  if (request.content.kind !== 'clear') throw new Error('the recording is version 4');
  const content = { ...request.content, value: { ...request.content.value, workstationName } };
  return { ...first!, request: { ...request, content } };
}

describe('exchanges for people', () => {
  it('are a line each under one header', async () => {
    const { exchanges } = await exchangesOf('v4-refused.pcap');
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
    const { exchanges } = await exchangesOf('v4-mixed-growth.pcap');
    const text = describeExchange(exchanges[0]!).join('\n');
    expect(text).to.match(/requiredClientCount +5\n/);
    expect(text).to.match(/answer: count 1\n/);
    expect(text).to.match(/ePid +"55041-/);
    const sealed = describeExchange((await exchangesOf('v5.pcap')).exchanges[0]!).join('\n');
    expect(sealed).to.match(/majorVersion +5 \(v5\)/);
    expect(sealed).to.match(/sealed +[0-9a-f]{400,}/);
  });

  it('say what did not decode, where and why, and what did not come', async () => {
    const [exchange] = (await exchangesOf('v4-refused.pcap')).exchanges;
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
    const [sealed] = (await exchangesOf('v6.pcap')).exchanges;
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
