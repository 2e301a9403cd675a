import { expect } from 'chai';
import fc from 'fast-check';
import type { PacketMark } from '../packet';
import { PduCutter } from './pdu-cutter';

const REQUEST = 0;
const SHUTDOWN = 17;

/** A PDU as framing sees it: header and a body of one octet value that no header begins with. */
function pdu(ptype: number, bodyLength: number, { bigEndian = false } = {}): Buffer {
  const bytes = Buffer.alloc(16 + bodyLength, 0xee);
  bytes.set([5, 0, ptype, 3, bigEndian ? 0 : 0x10, 0, 0, 0]);
  bytes.fill(0, 8, 16);
  if (bigEndian) bytes.writeUInt16BE(bytes.length, 8);
  else bytes.writeUInt16LE(bytes.length, 8);
  return bytes;
}

interface Read {
  readonly pdus: string[];
  readonly positions: number[];
  readonly lost: number[];
}

/** Reads the parts of a stream; a number is a gap of so many bytes. */
function read(parts: readonly (Buffer | number)[], { wanted = [REQUEST], search = false } = {}): Read {
  const result: Read = { pdus: [], positions: [], lost: [] };
  const cutter = new PduCutter({
    wants: (ptype) => wanted.includes(ptype),
    pdu: (bytes, position) => {
      result.pdus.push(bytes.toString('hex'));
      result.positions.push(position);
    },
    lost: (position) => result.lost.push(position),
  });
  if (search) cutter.search();
  const mark: PacketMark = { timestampNs: 0n, fileOffset: 0 };
  for (const part of parts) {
    if (typeof part === 'number') cutter.gap(part);
    else cutter.push(part, mark);
  }
  return result;
}

const octets = (stream: Buffer): Buffer[] => Array.from(stream, (octet) => Buffer.of(octet));

/** Cuts a stream at these places, in any order. */
function cutAt(stream: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % stream.length))].filter((end) => end > 0);
  const edges = [0, ...ends.sort((one, other) => one - other), stream.length];
  return edges.slice(1).map((end, index) => stream.subarray(edges[index], end));
}

describe('cutting a recorded stream into PDUs', () => {
  const [short, long, other, bare] = [
    pdu(REQUEST, 4),
    pdu(REQUEST, 300, { bigEndian: true }),
    pdu(SHUTDOWN, 20),
    pdu(REQUEST, 0),
  ];

  it('hands out those that are wanted, whole, with their positions', () => {
    const { pdus, positions, lost } = read([Buffer.concat([short, other, long, bare, other, short])]);
    expect(pdus).to.deep.equal([short, long, bare, short].map((bytes) => bytes.toString('hex')));
    expect(positions).to.deep.equal([0, 56, 372, 424]);
    expect(lost).to.deep.equal([]);
  });

  it('gives the same for every split of a stream, garbage in it or not', () => {
    const piece = fc.oneof(
      fc.constantFrom(short, long, other, bare),
      fc
        .uint8Array({ minLength: 1, maxLength: 40 })
        .map((bytes) => Buffer.from(bytes.map((octet) => octet | 0x80))),
      fc.constantFrom(Buffer.of(5), Buffer.of(5, 0, 0, 3, 0x10, 0, 0, 0, 2, 0), Buffer.alloc(17, 5)),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(2000), { maxLength: 12 }),
        fc.boolean(),
        (pieces, places, search) => {
          // What is still waiting for its end is not handed out: a whole PDU last lets the search come to an end.
          const stream = Buffer.concat([...pieces, Buffer.alloc(40, 0xee), short]);
          const whole = read([stream], { search });
          expect(read(cutAt(stream, places), { search })).to.deep.equal(whole);
          expect(read(octets(stream), { search })).to.deep.equal(whole);
        },
      ),
      { seed: 9, numRuns: 300 },
    );
  });

  it('finds a header that begins within what turned out to be none', () => {
    for (const noise of [Buffer.of(5, 0, 0), Buffer.concat([Buffer.of(5), Buffer.alloc(13)])]) {
      const stream = Buffer.concat([noise, short, short]);
      for (const parts of [[stream], octets(stream)]) {
        const { pdus, lost } = read(parts);
        expect(pdus, `${noise.length} octets of noise`).to.deep.equal(
          [short, short].map((bytes) => bytes.toString('hex')),
        );
        expect(lost).to.deep.equal([0]);
      }
    }
  });

  it('goes on behind a gap within a PDU that it knows the length of', () => {
    for (const parts of [
      [long.subarray(0, 100), 150, long.subarray(250), short],
      [other.subarray(0, 20), 10, other.subarray(30), short],
      [...octets(long.subarray(0, 16)), 300, short],
    ]) {
      const { pdus, lost } = read(parts);
      expect(pdus).to.deep.equal([short.toString('hex')]);
      expect(lost).to.deep.equal([]);
    }
  });

  it('searches behind a gap that hides where the next begins', () => {
    const { pdus } = read([long.subarray(0, 100), 500, Buffer.alloc(30, 0xee), short]);
    expect(pdus).to.deep.equal([short.toString('hex')]);
  });
});
