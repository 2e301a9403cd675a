import { expect } from 'chai';
import { decode, encode } from 'dns-packet';
import { DnsError } from '../../target/discovery/dns-error';
import { encodeName, encodeUpdate, isAnswerTo, type PublishedRecords, updateProblem } from './update-message';

const records: PublishedRecords = {
  service: '_vlmcs._tcp.lab.example',
  target: 'kms01.lab.example',
  port: 16880,
  priority: 10,
  weight: 100,
  address: '127.0.0.1',
  ttl: 60,
};

describe('dynamic updates (RFC 2136)', () => {
  it('adds exactly an SRV record and an address', () => {
    // Independent decoder: dns-packet; the zone section reads as its question, the update section as its authorities.
    const { id, opcode, questions, answers, authorities } = decode(
      Buffer.from(encodeUpdate(0xabcd, 'lab.example', records)),
    ) as ReturnType<typeof decode> & { opcode: string };
    expect({ id, opcode, answers }).to.deep.equal({ id: 0xabcd, opcode: 'UPDATE', answers: [] });
    expect(questions).to.deep.equal([{ name: 'lab.example', type: 'SOA', class: 'IN' }]);
    expect(authorities).to.have.length(2);
    expect(authorities![0]).to.deep.include({
      name: '_vlmcs._tcp.lab.example',
      type: 'SRV',
      ttl: 60,
      class: 'IN',
      data: { priority: 10, weight: 100, port: 16880, target: 'kms01.lab.example' },
    });
    expect(authorities![1]).to.deep.include({
      name: 'kms01.lab.example',
      type: 'A',
      class: 'IN',
      data: '127.0.0.1',
    });
  });

  it('removes the same records: class NONE, no TTL', () => {
    const { authorities } = decode(Buffer.from(encodeUpdate(1, 'lab.example', records, true)));
    for (const record of authorities!) expect(record).to.include({ ttl: 0, class: 'UNKNOWN_254' });
    expect(authorities!.map(({ type }) => type)).to.deep.equal(['SRV', 'A']);
  });

  for (const [address, written] of [
    ['::1', '::1'],
    ['::', '::'],
    ['2001:db8::1:2', '2001:db8::1:2'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['fe80::1%lo', 'fe80::1'],
    ['::ffff:127.0.0.1', '::ffff:7f00:1'],
    ['::ffff:7f00:1', '::ffff:7f00:1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:255.254.253.252', '1:2:3:4:5:6:fffe:fdfc'],
  ] as const) {
    it(`writes ${address}`, () => {
      const { authorities } = decode(Buffer.from(encodeUpdate(1, 'lab.example', { ...records, address })));
      expect(authorities![1]).to.deep.include({ type: 'AAAA', data: written });
    });
  }

  it('refuses names that DNS cannot hold', () => {
    for (const name of ['a..b', `${'x'.repeat(64)}.example`, Array(60).fill('label').join('.')]) {
      expect(() => encodeName(name), name).to.throw(DnsError);
    }
    expect(encodeName(`${'x'.repeat(63)}.example`)).to.have.length(73);
  });

  it('knows the answer to its own question, and what it says', () => {
    const answer = (flags: number, id = 7) => encode({ type: 'response', id, flags: (5 << 11) | flags });
    expect(isAnswerTo(answer(0), 7)).to.equal(true);
    expect(isAnswerTo(answer(0), 8)).to.equal(false);
    expect(isAnswerTo(encode({ type: 'response', id: 7 }), 7), 'a query answered').to.equal(false);
    expect(isAnswerTo(encode({ type: 'query', id: 7, flags: 5 << 11 }), 7), 'no answer').to.equal(false);
    for (let length = 0; length < 12; length++) {
      expect(isAnswerTo(answer(0).subarray(0, length), 7), `${length} bytes`).to.equal(false);
    }
    expect(updateProblem(answer(0))).to.equal(null);
    expect(updateProblem(answer(5))).to.match(/^REFUSED/);
    expect(updateProblem(answer(9))).to.match(/^NOTAUTH/);
    expect(updateProblem(answer(15))).to.equal('response code 15');
  });
});
