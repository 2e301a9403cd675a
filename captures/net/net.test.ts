import { expect } from 'chai';
import { setTcpChecksum } from './checksum';
import { parseEndpoint } from './endpoint';
import { FragmentJoiner } from './fragments';
import { insertNew } from './pieces';
import { formatEndpoint } from './segment';

describe('endpoints', () => {
  it('are read as they are written', () => {
    for (const text of [
      '127.0.0.1:1688',
      '[::1]:1688',
      '[2001:db8::1]:0',
      '[fe80::1:2]:65535',
      '[1:2:3:4:5:6:7:8]:1',
      '[::]:1',
    ]) {
      const { address, port } = parseEndpoint(text);
      const words = new Uint32Array(4);
      for (let i = 0; i < address.length / 4; i++)
        words[4 - address.length / 4 + i] = address.readUInt32BE(4 * i);
      expect(formatEndpoint(address.length === 4 ? 4 : 6, words, port)).to.equal(text);
    }
  });

  it('drop a zone, and read an embedded IPv4 address', () => {
    expect(parseEndpoint('[fe80::1%lo]:1')).to.deep.equal(parseEndpoint('[fe80::1]:1'));
    expect(parseEndpoint('[::ffff:192.0.2.1]:1').address.toString('hex')).to.equal(
      '00000000000000000000ffffc0000201',
    );
  });

  it('are refused where they are none', () => {
    for (const text of [
      '',
      'host:1',
      '1.2.3:1',
      '1.2.3.256:1',
      '1.2.3.4',
      '[1::2::3]:1',
      '[12345::]:1',
      '1.2.3.4:65536',
      '[1:2]:1',
    ]) {
      expect(() => parseEndpoint(text), text).to.throw(RangeError);
    }
  });
});

describe('checksums', () => {
  it('are the complement of the sum of words, with the pseudo header among them', () => {
    // A SYN of 192.0.2.10:50000 to 192.0.2.1:1688 without options.
    const segment = Buffer.from('c35006980000000100000000500200000000' + '0000', 'hex');
    setTcpChecksum(segment, 0, 20, Buffer.from('c000020ac0000201', 'hex'));
    const words = [0xc000, 0x020a, 0xc000, 0x0201, 6, 20, 0xc350, 0x0698, 0, 1, 0, 0, 0x5002, 0, 0];
    const sum = words.reduce((total, word) => total + word);
    expect(segment.readUInt16BE(16)).to.equal(0xffff - ((sum & 0xffff) + (sum >> 16)));
  });
});

describe('first copies', () => {
  it('stand, whatever order the ranges come in', () => {
    const pieces: { start: number; end: number; from: string }[] = [];
    const put = (start: number, end: number, from: string): string[] => {
      const told: string[] = [];
      insertNew(
        pieces,
        start,
        end,
        (a, b) => ({ start: a, end: b, from }),
        (piece, a, b) => told.push(`${piece.from} ${a}-${b}`),
      );
      return told;
    };
    expect(put(10, 20, 'a')).to.deep.equal([]);
    expect(put(15, 25, 'b')).to.deep.equal(['a 15-20']);
    expect(put(0, 30, 'c')).to.deep.equal(['a 10-20', 'b 20-25']);
    expect(put(5, 5, 'd')).to.deep.equal([]);
    expect(pieces.map(({ start, end, from }) => `${from} ${start}-${end}`)).to.deep.equal([
      'c 0-10',
      'a 10-20',
      'b 20-25',
      'c 25-30',
    ]);
  });
});

describe('joining fragments', () => {
  const octets = Buffer.from(Array.from({ length: 100 }, (_, i) => i));
  const parts = [0, 24, 48, 72].map((start) => ({
    start,
    more: start < 72,
    bytes: octets.subarray(start, start < 72 ? start + 24 : 100),
  }));

  it('gives the datagram in every order of its fragments', () => {
    const orders = (rest: number[]): number[][] =>
      rest.length === 0
        ? [[]]
        : rest.flatMap((i) => orders(rest.filter((j) => j !== i)).map((tail) => [i, ...tail]));
    for (const order of orders([0, 1, 2, 3])) {
      const joiner = new FragmentJoiner();
      const outcomes = order.map((i) => joiner.add('k', parts[i]!.start, parts[i]!.more, parts[i]!.bytes, 0));
      expect(outcomes.slice(0, 3)).to.deep.equal(['held', 'held', 'held']);
      expect(outcomes[3]).to.deep.equal(octets);
      expect(joiner.waiting).to.equal(0);
    }
  });

  it('takes the first copy where fragments overlap', () => {
    const joiner = new FragmentJoiner();
    joiner.add('k', 0, true, Buffer.alloc(16, 1), 0);
    joiner.add('k', 8, true, Buffer.alloc(16, 2), 0);
    expect(joiner.add('k', 16, false, Buffer.alloc(12, 3), 0)).to.deep.equal(
      Buffer.concat([Buffer.alloc(16, 1), Buffer.alloc(8, 2), Buffer.alloc(4, 3)]),
    );
  });

  it('holds no more than 64 datagrams, and none for longer than 30 s', () => {
    const joiner = new FragmentJoiner();
    for (let i = 0; i < 1000; i++) joiner.add(`k${i}`, 0, true, octets.subarray(0, 96), 0);
    expect(joiner.waiting).to.equal(64);
    joiner.add('late', 0, true, octets.subarray(0, 96), 31);
    expect(joiner.waiting).to.equal(1);
    expect(joiner.givenUp).to.equal(1000);
  });

  it('refuses what no datagram can be', () => {
    const joiner = new FragmentJoiner();
    expect(joiner.add('k', 65_528, false, octets, 0)).to.equal('bad');
    expect(joiner.add('k', 0, true, octets.subarray(0, 7), 0)).to.equal('bad');
  });
});
