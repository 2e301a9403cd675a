import { encode, type Packet } from 'dns-packet';
import { expect } from 'chai';
import fc from 'fast-check';
import { DNS_TYPE, readDns, readSrv } from './dns-message';

/** Messages as another project encodes them. */
const answer: Packet = {
  type: 'response',
  id: 77,
  flags: 3,
  questions: [{ type: 'SRV', name: '_vlmcs._tcp.example.test', class: 'IN' }],
  answers: [
    {
      type: 'SRV',
      name: '_vlmcs._tcp.example.test',
      data: { port: 1688, target: 'kms.example.test', priority: 1, weight: 2 },
    },
  ],
  additionals: [
    { type: 'A', name: 'kms.example.test', data: '192.0.2.1' },
    { type: 'AAAA', name: 'kms.example.test', data: '2001:db8::1' },
  ],
};

describe('DNS messages', () => {
  it('are read as another project writes them', () => {
    const bytes = encode(answer);
    const message = readDns(bytes)!;
    expect(message).to.deep.include({ id: 77, isResponse: true, code: 3 });
    expect(message.question).to.deep.equal({ name: '_vlmcs._tcp.example.test', type: DNS_TYPE.srv });
    expect(message.records.map(({ name, type }) => [name, type])).to.deep.equal([
      ['_vlmcs._tcp.example.test', DNS_TYPE.srv],
      ['kms.example.test', DNS_TYPE.a],
      ['kms.example.test', DNS_TYPE.aaaa],
    ]);
    expect(readSrv(bytes, message.records[0]!)).to.deep.equal({ port: 1688, target: 'kms.example.test' });
    const { start, end } = message.records[1]!;
    expect([...bytes.subarray(start, end)]).to.deep.equal([192, 0, 2, 1]);
  });

  it('are read up to where they are cut, at any octet', () => {
    const bytes = encode(answer);
    const whole = readDns(bytes)!;
    for (let length = 0; length < bytes.length; length++) {
      const cut = readDns(bytes.subarray(0, length));
      if (cut === null) continue;
      expect(cut.question).to.deep.equal(whole.question);
      expect(cut.records).to.deep.equal(whole.records.slice(0, cut.records.length));
      expect(cut.records.length).to.be.below(whole.records.length);
    }
  });

  it('whose pointers lead forwards, or to themselves, have no name', () => {
    const loop = Buffer.from('000100000001000000000000c00c00210001', 'hex');
    expect(readDns(loop)).to.equal(null);
    const forwards = Buffer.from('000100000001000000000000c00e00000021000100', 'hex');
    expect(readDns(forwards)).to.equal(null);
  });

  it('of any octets are read or are none (seed 5)', () => {
    const any = fc.uint8Array({ maxLength: 200 });
    const property = fc.property(any, (octets) => {
      const bytes = Buffer.from(octets);
      if (bytes.length >= 6) bytes.writeUInt16BE(1, 4);
      const message = readDns(bytes);
      for (const record of message?.records ?? []) {
        readSrv(bytes, record);
        expect(record.end).to.be.at.most(bytes.length);
      }
    });
    fc.assert(property, { seed: 5, numRuns: 5000 });
  });
});
