import { expect } from 'chai';
import { hex } from './codec/json';
import { Defragmenter, fragment } from './fragments';
import { decodePdu, encodePdu, type PduInputOf, type PduOf } from './pdu';
import { PFC } from './pdu-layouts';
import { expectProtocolError } from './testing/expect-error';
import { cutPdus, recordedConnections } from './testing/recordings';

const connection = recordedConnections('v4-threshold-clients.pcap')[0]!;
const recorded = {
  request: decodePdu(cutPdus(connection.sent)[1]!) as PduOf<'request'>,
  response: decodePdu(cutPdus(connection.received)[1]!) as PduOf<'response'>,
};

const overTheWire = <K extends 'request' | 'response'>(pdu: PduInputOf<K>): PduOf<K> =>
  decodePdu(encodePdu(pdu as PduInputOf<'request'>)) as unknown as PduOf<K>;

describe('fragments', () => {
  for (const kind of ['request', 'response'] as const) {
    it(`of a ${kind}, of every size, join to the same call`, () => {
      const call = recorded[kind];
      const { stub } = call.body;
      for (let size = 1; size <= stub.length + 1; size++) {
        const parts = fragment<'request' | 'response'>(call, size).map(overTheWire);
        expect(parts).to.have.length(Math.ceil(stub.length / size));
        const joiner = new Defragmenter<'request' | 'response'>();
        parts.forEach((part, i) => {
          const edges = part.header.pfcFlags & (PFC.firstFrag | PFC.lastFrag);
          const expected = (i === 0 ? PFC.firstFrag : 0) | (i === parts.length - 1 ? PFC.lastFrag : 0);
          expect(edges).to.equal(expected);
          expect(part.body.stub.length).to.be.at.most(size);
          const whole = joiner.push(part);
          expect(whole === null).to.equal(i < parts.length - 1);
          expect(joiner.pending).to.equal(whole === null);
          expect(joiner.size).to.equal(whole === null ? Math.min((i + 1) * size, stub.length) : 0);
          if (whole === null) return;
          expect(hex(whole.body.stub)).to.equal(hex(stub));
          expect(whole.fragmentCount).to.equal(parts.length);
          expect(whole.header.callId).to.equal(call.header.callId);
        });
      }
    });
  }

  it('announce the bytes that are left, unless a hint is given', () => {
    const { header, body } = recorded.request;
    const { allocHint: _, ...withoutHint } = body;
    const sizes = fragment<'request'>({ kind: 'request', header, body: withoutHint }, 100).map(overTheWire);
    expect(sizes.map((part) => part.body.allocHint)).to.deep.equal([260, 160, 60]);
    const given = fragment<'request'>({ kind: 'request', header, body: { ...body, allocHint: 7 } }, 100);
    expect(given.map((part) => part.body.allocHint)).to.deep.equal([7, 7, 7]);
  });

  it('of a call for an object carry it, each', () => {
    const objectUuid = '33221100-5544-7766-8899-aabbccddeeff';
    const body = { ...recorded.request.body, objectUuid };
    const parts = fragment<'request'>({ kind: 'request', header: { callId: 5 }, body }, 200).map(overTheWire);
    expect(parts.map((part) => part.body.objectUuid)).to.deep.equal([objectUuid, objectUuid]);
    expect(Buffer.concat(parts.map((part) => part.body.stub)).equals(body.stub)).to.be.true;
  });

  it('keep the flags of the call but for FIRST and LAST, and get a frag_length each', () => {
    const header = { callId: 7, pfcFlags: PFC.lastFrag | PFC.maybe, fragLength: 284 };
    const parts = fragment<'request'>({ kind: 'request', header, body: recorded.request.body }, 100);
    expect(parts.map((part) => part.header)).to.deep.equal([
      { callId: 7, pfcFlags: PFC.maybe | PFC.firstFrag },
      { callId: 7, pfcFlags: PFC.maybe },
      { callId: 7, pfcFlags: PFC.maybe | PFC.lastFrag },
    ]);
    expect(parts.map((part) => overTheWire(part).header.fragLength)).to.deep.equal([124, 124, 84]);
  });

  it('of a call in one piece are not copied', () => {
    const whole = new Defragmenter<'request'>().push(recorded.request)!;
    expect(whole.body.stub).to.equal(recorded.request.body.stub);
  });

  it('of an empty call are one', () => {
    const parts = fragment<'request'>({ kind: 'request', header: {}, body: { contextId: 0, opnum: 0 } }, 5);
    expect(parts).to.have.length(1);
    expect(new Defragmenter<'request'>().push(overTheWire(parts[0]!))!.fragmentCount).to.equal(1);
  });

  for (const size of [0, -1, Number.NaN]) {
    it(`of ${size} bytes are refused`, () => {
      expect(expectProtocolError(() => fragment(recorded.request, size))).to.include({
        code: 'bad-input',
        path: 'stub',
        offset: 24,
        expected: 'fragments that hold at least 1 byte',
        actual: String(size),
      });
    });
  }
});

describe('fragments out of order', () => {
  const [first, middle, last] = fragment<'request'>(recorded.request, 100).map(overTheWire);
  const ofOtherCall = { ...middle!, header: { ...middle!.header, callId: 99 } };
  const wrong: readonly [why: string, pdus: readonly PduOf<'request'>[], expected: string, actual: string][] =
    [
      ['a later one first', [middle!], 'FIRST', 'a later fragment of call 2'],
      ['the last one first', [last!], 'FIRST', 'a later fragment of call 2'],
      ['a second FIRST', [first!, first!], 'no FIRST, the call has begun', 'FIRST of call 2'],
      [
        'a whole call in between',
        [first!, recorded.request],
        'no FIRST, the call has begun',
        'FIRST of call 2',
      ],
      ['one of another call', [first!, ofOtherCall], 'a fragment of call 2', 'one of call 99'],
    ];
  for (const [why, pdus, expectation, actual] of wrong) {
    it(`${why}: refused, and the next call is joined`, () => {
      const joiner = new Defragmenter<'request'>();
      for (const pdu of pdus.slice(0, -1)) expect(joiner.push(pdu)).to.equal(null);
      const error = expectProtocolError(() => joiner.push(pdus.at(-1)!));
      expect(error).to.include({
        code: 'bad-value',
        path: 'rpc.header.pfcFlags',
        offset: 3,
        expected: expectation,
        actual,
      });
      expect(joiner.pending).to.be.false;
      expect(joiner.push(recorded.request)).to.not.equal(null);
    });
  }

  it('without end are refused above the limit, and give their memory back', () => {
    const joiner = new Defragmenter<'request'>(1000);
    expect(joiner.push(first!)).to.equal(null);
    const error = expectProtocolError(() => {
      for (let i = 0; i < 20; i++) joiner.push(middle!);
    });
    expect(error).to.include({
      code: 'too-long',
      path: 'stub',
      offset: 24,
      expected: 'stubs of at most 1000 bytes in all fragments',
      actual: '1100 bytes',
    });
    expect(joiner.pending).to.be.false;
    expect(joiner.push(first!)).to.equal(null);
    expect(joiner.push(middle!)).to.equal(null);
    expect(joiner.push(last!)!.body.stub).to.have.length(260);
  });

  it('are joined up to the limit, 1 MiB unless another is set', () => {
    const sized = (pdu: PduOf<'request'>, size: number): PduOf<'request'> => ({
      ...pdu,
      body: { ...pdu.body, stub: new Uint8Array(size) },
    });
    for (const [joiner, limit] of [
      [new Defragmenter<'request'>(), 1_048_576],
      [new Defragmenter<'request'>(1000), 1000],
    ] as const) {
      joiner.push(sized(first!, limit - 1));
      expect(joiner.push(sized(last!, 1))!.body.stub).to.have.length(limit);
      joiner.push(sized(first!, limit));
      expect(expectProtocolError(() => joiner.push(sized(last!, 1))).code).to.equal('too-long');
    }
  });

  it('that are empty cost nothing, and are counted', () => {
    const joiner = new Defragmenter<'request'>(1000);
    const empty = { ...middle!, body: { ...middle!.body, stub: new Uint8Array(0) } };
    joiner.push(first!);
    for (let i = 0; i < 5000; i++) expect(joiner.push(empty)).to.equal(null);
    joiner.push(middle!);
    const whole = joiner.push(last!)!;
    expect(whole.fragmentCount).to.equal(5003);
    expect(hex(whole.body.stub)).to.equal(hex(recorded.request.body.stub));
  });
});
