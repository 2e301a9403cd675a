import { expect } from 'chai';
import type { Answer, Packet } from 'dns-packet';
import { a, cname, dname, srv } from '../../../testing/dns-zone';
import { readAnswer } from './read-answer';

const NAME = '_vlmcs._tcp.corp.example';
const AUTHORITATIVE = 1 << 10;
const packet = (answers: readonly Answer[], more: Partial<Packet> = {}): Packet => ({
  ...{ flags: AUTHORITATIVE, answers: [...answers] },
  ...more,
});
const one = srv('corp.example', 'kms01.corp.example', 1688);
const soa = { type: 'SOA', name: 'corp.example', data: { mname: 'ns', rname: 'x' } } as Answer;
const ns = (name: string): Answer => ({ type: 'NS', name, ttl: 60, data: 'ns1.other.example' });

describe('what a DNS message says to a question', () => {
  it('finds records of the name in any case, with and without the dot at the end', () => {
    for (const name of [NAME, `${NAME}.`, NAME.toUpperCase(), '_VLMCS._tcp.Corp.Example.']) {
      expect(readAnswer(packet([one]), name, 'SRV'), name).to.deep.equal({
        ...{ kind: 'records', records: [one], aliases: [], foreign: 0 },
      });
    }
  });

  it('takes no record of another name or class', () => {
    const other = srv('evil.example', 'rogue.evil.example', 1688);
    const reading = readAnswer(packet([other, one, { ...one, class: 'CH' } as Answer]), NAME, 'SRV');
    expect(reading).to.deep.equal({ kind: 'records', records: [one], aliases: [], foreign: 1 });
    const only = readAnswer(packet([other]), NAME, 'SRV');
    expect(only).to.include({ kind: 'failed', how: 'bad-answer' });
    expect(only).to.have.property('problem').that.contains('_vlmcs._tcp.evil.example');
  });

  it('follows aliases in the message, in whatever order they stand', () => {
    const chain = [
      srv('third.example', 'kms.third.example', 1688),
      cname('_vlmcs._tcp.second.example', '_vlmcs._tcp.third.example'),
      cname(NAME, '_vlmcs._tcp.second.example'),
    ];
    const reading = readAnswer(packet(chain), NAME, 'SRV');
    expect(reading).to.deep.include({
      kind: 'records',
      aliases: ['_vlmcs._tcp.second.example', '_vlmcs._tcp.third.example'],
    });
  });

  it('makes of a DNAME the alias that it means, with or without the CNAME beside it', () => {
    const above = dname('corp.example', 'group.example');
    const target = srv('group.example', 'kms.group.example', 1688);
    for (const answers of [
      [above, target],
      [above, cname(NAME, '_vlmcs._tcp.group.example'), target],
    ]) {
      expect(readAnswer(packet(answers), NAME, 'SRV')).to.deep.include({
        kind: 'records',
        aliases: ['_vlmcs._tcp.group.example'],
      });
    }
    // A DNAME does not hold for its own name (RFC 6672 2.3), nor for one that only ends alike.
    expect(readAnswer(packet([above]), 'corp.example', 'A')).to.include({ kind: 'none' });
    expect(readAnswer(packet([above]), 'notcorp.example', 'A')).to.include({ kind: 'none' });
  });

  it('asks on where the alias leads out of the message, unless the message denies it', () => {
    const alias = cname(NAME, '_vlmcs._tcp.other.example');
    expect(readAnswer(packet([alias]), NAME, 'SRV')).to.include({
      kind: 'alias',
      to: '_vlmcs._tcp.other.example',
    });
    expect(readAnswer(packet([alias], { authorities: [soa] }), NAME, 'SRV')).to.include({
      ...{ kind: 'none', why: 'no-records' },
    });
    expect(readAnswer(packet([alias], { flags: 3 }), NAME, 'SRV')).to.include({
      kind: 'none',
      why: 'no-such-name',
    });
  });

  it('ends where aliases go in a circle', () => {
    const circle = [cname('a.example', 'b.example'), cname('b.example', 'A.example')];
    expect(readAnswer(packet(circle), 'a.example', 'A')).to.include({ kind: 'failed', how: 'alias-loop' });
    expect(readAnswer(packet([cname('a.example', 'a.example')]), 'a.example', 'A')).to.include({
      how: 'alias-loop',
    });
  });

  it('tells a name that is not there, one without such records, and a referral apart', () => {
    expect(readAnswer(packet([], { flags: AUTHORITATIVE | 3 }), NAME, 'SRV')).to.include({
      why: 'no-such-name',
    });
    expect(readAnswer(packet([]), NAME, 'SRV')).to.include({ kind: 'none', why: 'no-records' });
    const recursive = { flags: 0x8180, authorities: [soa] };
    expect(readAnswer(packet([], recursive), NAME, 'SRV')).to.include({ kind: 'none', why: 'no-records' });
    for (const zone of ['corp.example', 'example', '.']) {
      const referral = readAnswer(packet([], { flags: 0x8000, authorities: [ns(zone)] }), NAME, 'SRV');
      expect(referral, zone).to.include({ kind: 'failed', how: 'referral' });
      expect(referral).to.have.property('problem').that.contains('ns1.other.example');
    }
    const own = { authorities: [ns('corp.example'), soa] };
    expect(readAnswer(packet([], own), NAME, 'SRV')).to.include({ kind: 'none' });
  });

  it('takes no records that a message denies itself, nor addresses that are cut', () => {
    const denied = readAnswer(packet([one], { flags: AUTHORITATIVE | 3 }), NAME, 'SRV');
    expect(denied).to.include({ kind: 'failed', how: 'bad-answer' });
    const cut = readAnswer(packet([a(NAME, '127.0.0.undefined')]), NAME, 'A');
    expect(cut).to.include({ kind: 'failed', how: 'bad-answer' });
  });

  it('takes nothing from a server that neither holds the zone nor asks others for no record', () => {
    const lame = readAnswer(packet([], { flags: 0x8000 }), NAME, 'SRV');
    expect(lame).to.include({ kind: 'failed', how: 'not-authoritative' });
    for (const flags of [AUTHORITATIVE, 0x8180]) {
      expect(readAnswer(packet([], { flags }), NAME, 'SRV'), String(flags)).to.include({ kind: 'none' });
    }
  });

  const codes: [number, string][] = [
    [1, 'format-error'],
    [2, 'server-failure'],
    [4, 'not-implemented'],
    [5, 'refused'],
    [6, 'server-failure'],
    [9, 'not-authoritative'],
    [10, 'not-authoritative'],
    [15, 'server-failure'],
  ];
  for (const [code, how] of codes) {
    it(`response code ${code} is ${how}, whatever stands beside it`, () => {
      expect(readAnswer(packet([one], { flags: code }), NAME, 'SRV')).to.include({ kind: 'failed', how });
    });
  }

  it('finds no SRV record in addresses, and no address in SRV records', () => {
    expect(readAnswer(packet([a(NAME, '127.0.0.1')]), NAME, 'SRV')).to.include({
      kind: 'none',
      why: 'no-records',
    });
    expect(readAnswer(packet([one]), NAME, 'AAAA')).to.include({ kind: 'none', why: 'no-records' });
  });
});
