import { expect } from 'chai';
import fc from 'fast-check';
import { hex } from './codec/json';
import { Framer } from './framer';
import { expectProtocolError, protocolErrorOf } from './testing/expect-error';
import { cutPdus, recordedConnections, RECORDINGS } from './testing/recordings';

/**
 * Pushes the pieces one by one; a failure of framing ends it and is told as its message. The same comes of it where pieces that are
 * whole PDUs are not pushed.
 */
function frame(pieces: readonly Uint8Array[], maxFragment?: number): string[] {
  const framed = framedBy(new Framer(maxFragment), pieces, false);
  expect(framedBy(new Framer(maxFragment), pieces, true)).to.deep.equal(framed);
  return framed;
}

function framedBy(framer: Framer, pieces: readonly Uint8Array[], takeWhole: boolean): string[] {
  const framed: string[] = [];
  for (const piece of pieces) {
    if (takeWhole && framer.takeWhole(piece)) {
      framed.push(hex(piece));
      continue;
    }
    const error = protocolErrorOf(() => framed.push(...framer.push(piece).map(hex)));
    const failure = error ?? framer.failure;
    if (failure !== null) return [...framed, failure.message];
  }
  return framed;
}

/** One conversation of each shape, so that every split of it can be tried: both directions as they were sent. */
const conversations = RECORDINGS.map((capture) => recordedConnections(capture)[0]!);

describe('framing of recorded conversations', () => {
  for (const { capture, sent, received } of conversations) {
    for (const [direction, stream] of [
      ['sent', sent],
      ['received', received],
    ] as const) {
      it(`${capture} ${direction}: every split in two, and one byte at a time, gives the same PDUs`, () => {
        const expected = cutPdus(stream).map(hex);
        expect(frame([stream])).to.deep.equal(expected);
        for (let cut = 0; cut <= stream.length; cut++) {
          const framed = frame([stream.subarray(0, cut), stream.subarray(cut)]);
          if (framed.length !== expected.length || framed.some((pdu, i) => pdu !== expected[i])) {
            expect(framed, `cut at ${cut}`).to.deep.equal(expected);
          }
        }
        expect(frame(Array.from(stream, (octet) => Uint8Array.of(octet)))).to.deep.equal(expected);
      });

      it(`${capture} ${direction}: every prefix gives whole PDUs, and the rest is held back`, () => {
        const expected = cutPdus(stream);
        for (let size = 0; size <= stream.length; size++) {
          const framer = new Framer();
          const framed = framer.push(stream.subarray(0, size));
          let whole = 0;
          let bytes = 0;
          while (whole < expected.length && bytes + expected[whole]!.length <= size)
            bytes += expected[whole++]!.length;
          expect(framed.length).to.equal(whole);
          expect(framer.pending).to.equal(size - bytes);
          expect(framer.consumed).to.equal(bytes);
          expect(framer.failure).to.equal(null);
          expect(Buffer.compare(framer.remainder(), stream.subarray(bytes, size))).to.equal(0);
        }
      });
    }
  }

  it('any segmentation gives the same PDUs', () => {
    const stream = recordedConnections('v4-one-connection-ndr64.pcap')[0]!.sent;
    const expected = cutPdus(stream).map(hex);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40, size: 'max' }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const pieces = edges.slice(1).map((end, i) => stream.subarray(edges[i], end));
        expect(frame(pieces)).to.deep.equal(expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('framing of what is no conversation', () => {
  const good = Buffer.from('05001103100000001000000000000000', 'hex');
  const bad: readonly [
    why: string,
    bytes: string,
    path: string,
    at: number,
    code: string,
    expected: string,
    actual: string,
  ][] = [
    [
      'an HTTP greeting',
      Buffer.from('GET / HTTP/1.1\r\n').toString('hex'),
      'rpc.header.rpcVers',
      0,
      'bad-value',
      '5',
      '71',
    ],
    ['a TLS greeting', '1603010200010001fc0303', 'rpc.header.rpcVers', 0, 'bad-value', '5', '22'],
    [
      'frag_length 0',
      '0500110310000000000000000000000000',
      'rpc.header.fragLength',
      8,
      'bad-value',
      'at least 16',
      '0',
    ],
    [
      'frag_length 15',
      '05001103100000000f00000000000000',
      'rpc.header.fragLength',
      8,
      'bad-value',
      'at least 16',
      '15',
    ],
    [
      'big-endian frag_length 15',
      '0500110300000000000f000000000000',
      'rpc.header.fragLength',
      8,
      'bad-value',
      'at least 16',
      '15',
    ],
    [
      'a frag_length above the limit',
      '05001103100000000110000000000000',
      'rpc.header.fragLength',
      8,
      'too-long',
      'at most 4096',
      '4097',
    ],
  ];
  for (const [why, text, path, at, code, expectation, actual] of bad) {
    const bytes = Buffer.from(text, 'hex');

    it(`${why} is told with its place in the stream, however it is cut`, () => {
      const whole = Buffer.concat([good, good, bytes]);
      const expected = frame([whole], 4096);
      expect(expected).to.have.length(3);
      for (let cut = 0; cut <= whole.length; cut++) {
        expect(frame([whole.subarray(0, cut), whole.subarray(cut)], 4096)).to.deep.equal(expected);
      }
      expect(
        frame(
          Array.from(whole, (octet) => Uint8Array.of(octet)),
          4096,
        ),
      ).to.deep.equal(expected);
      const framer = new Framer(4096);
      framer.push(good);
      framer.push(good);
      const error = expectProtocolError(() => framer.push(bytes));
      expect(error).to.include({ code, path, offset: 2 * good.length + at, expected: expectation, actual });
    });

    it(`${why} stops the stream for good`, () => {
      const framer = new Framer(4096);
      const first = expectProtocolError(() => framer.push(bytes));
      const held = framer.pending;
      for (let i = 0; i < 3; i++) expect(expectProtocolError(() => framer.push(good))).to.equal(first);
      expect(framer.pending).to.equal(held);
    });
  }

  it('takes a PDU of just the limit', () => {
    const largest = Buffer.alloc(4096);
    good.copy(largest);
    largest.writeUInt16LE(4096, 8);
    expect(new Framer(4096).push(largest)).to.have.length(1);
  });

  it('hands out a copy, so that a caller may use its buffer again', () => {
    const framer = new Framer();
    const piece = Buffer.from(good);
    const [pdu] = framer.push(piece);
    piece.fill(0xee);
    expect(hex(pdu!)).to.equal(hex(good));
  });

  it('hands out bytes that were given to it, where all that is left of them is a PDU', () => {
    const framer = new Framer(undefined, true);
    const piece = Buffer.from(good);
    expect(framer.push(piece)[0]).to.equal(piece);
    const two = Buffer.concat([good, good]);
    const [first, second] = framer.push(two);
    expect(second!.buffer).to.equal(two.buffer);
    expect([first, second].map((pdu) => hex(pdu!))).to.deep.equal([hex(good), hex(good)]);
    expect(framer.push(good.subarray(0, 5))).to.deep.equal([]);
    expect(framer.push(good.subarray(5)).map(hex)).to.deep.equal([hex(good)]);
    expect([framer.pending, framer.consumed]).to.deep.equal([0, 4 * good.length]);
  });

  it('takes a PDU of 65,535 bytes, one byte at a time, in time that grows with its size', () => {
    const largest = Buffer.alloc(65535);
    good.copy(largest);
    largest.writeUInt16LE(65535, 8);
    const framer = new Framer();
    let framed: Uint8Array[] = [];
    for (const octet of largest) framed = framer.push(Uint8Array.of(octet));
    expect(framed.map((pdu) => pdu.length)).to.deep.equal([65535]);
  });
});
