import { expect } from 'chai';
import { btfnSyntax, encodePdu, NDR32, NDR64, type PduOf } from '../../protocol';
import {
  alterOf,
  bindOf,
  callOf,
  contextOf,
  Lab,
  NDR32_CONTEXT,
  NDR64_CONTEXT,
  requestOf,
} from './testing/lab';
import { recordedConversations, sentBy } from './testing/recorded';
import { OTHER_INTERFACE, bind, connect, countIn, endOf, pdusOf, resultsOf } from './testing/associate';

describe('association: segmentation', () => {
  const conversation = sentBy('client', recordedConversations('v4-one-connection-ndr64.pcap')[0]!).slice(
    0,
    5,
  );
  const stream = Buffer.concat(conversation);
  const answersTo = (...segments: Uint8Array[]): string[] =>
    connect(new Lab(), ...segments).log.filter((line) => line !== 'open');
  const whole = answersTo(stream);

  it('answers a byte at a time as it answers whole PDUs', () => {
    expect(whole).to.have.length(conversation.length);
    expect(answersTo(...Array.from(stream, (octet) => Uint8Array.of(octet)))).to.deep.equal(whole);
    expect(answersTo(...conversation)).to.deep.equal(whole);
  });

  it('answers every split in two the same', () => {
    for (let at = 1; at < stream.length; at += 1) {
      expect(answersTo(stream.subarray(0, at), stream.subarray(at)), `split at ${at}`).to.deep.equal(whole);
    }
  });
});

describe('association: negotiation', () => {
  it('accepts exactly one of NDR32 and NDR64, as it prefers', () => {
    expect(resultsOf([NDR32_CONTEXT, NDR64_CONTEXT])).to.deep.equal([
      [2, 2],
      [0, 0],
    ]);
    expect(resultsOf([NDR32_CONTEXT, NDR64_CONTEXT], false)).to.deep.equal([
      [0, 0],
      [2, 2],
    ]);
    expect(resultsOf([NDR32_CONTEXT])).to.deep.equal([[0, 0]]);
    expect(resultsOf([NDR64_CONTEXT], false)).to.deep.equal([[2, 2]]);
    expect(resultsOf([contextOf(0, [NDR32, NDR64])])).to.deep.equal([[0, 0]]);
  });

  it('grants of the bind time features what was offered and known', () => {
    for (const [offered, granted] of [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [7, 3],
    ] as const) {
      expect(resultsOf([contextOf(2, [btfnSyntax(offered)])])).to.deep.equal([[3, granted]]);
    }
  });

  it('rejects an unknown interface, another major version and a newer minor one', () => {
    const { uuid } = { uuid: '51c82175-844e-4750-b0d8-ec255555bc06' };
    expect(resultsOf([contextOf(0, [NDR32], OTHER_INTERFACE)])).to.deep.equal([[2, 1]]);
    expect(resultsOf([contextOf(0, [NDR32], { uuid, major: 2, minor: 0 })])).to.deep.equal([[2, 1]]);
    expect(resultsOf([contextOf(0, [NDR32], { uuid, major: 1, minor: 1 })])).to.deep.equal([[2, 1]]);
  });

  it('answers limits no larger than offered, from 2048 on', () => {
    for (const [offered, answered] of [
      [16, 2048],
      [1432, 2048],
      [4280, 4280],
      [5840, 5840],
      [65535, 5840],
    ] as const) {
      const [ack] = pdusOf(connect().send(bindOf([NDR32_CONTEXT], offered)));
      const { maxXmitFrag, maxRecvFrag } = (ack as PduOf<'bindAck'>).body;
      expect([maxXmitFrag, maxRecvFrag]).to.deep.equal([answered, answered]);
    }
  });

  const refused: [string, Uint8Array, number][] = [
    ['another rpc version', Uint8Array.from(bind).fill(4, 0, 1), 4],
    ['another minor rpc version', Uint8Array.from(bind).fill(9, 1, 2), 4],
    [
      'authentication',
      encodePdu({
        kind: 'bind',
        header: { callId: 2 },
        body: { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts: [NDR32_CONTEXT] },
        authTrailer: Uint8Array.of(10, 6, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4),
      }),
      8,
    ],
    ['more contexts than there are', Uint8Array.from(bind).fill(9, 24, 25), 4],
  ];
  for (const [what, bytes, reason] of refused) {
    it(`refuses a bind of ${what} with reason ${reason}, and closes`, () => {
      for (const segments of [[bytes], Array.from(bytes, (octet) => Uint8Array.of(octet))]) {
        const connection = connect();
        const [nak] = pdusOf(segments.flatMap((segment) => connection.send(segment)));
        expect(nak?.kind).to.equal('bindNak');
        expect((nak as PduOf<'bindNak'>).body.reason).to.equal(reason);
        expect(nak!.header.callId).to.equal(2);
        expect(endOf(connection)).to.equal('closed');
      }
    });
  }

  it('adds what alter_context asks for, without a secondary address', () => {
    const connection = connect(new Lab(), bindOf([NDR32_CONTEXT, NDR64_CONTEXT]));
    const [resp] = pdusOf(connection.send(alterOf([contextOf(7, [NDR32])])));
    expect((resp as PduOf<'alterContextResp'>).body.secondaryAddress).to.have.length(0);
    expect(countIn(connection.send(callOf(requestOf(1), { contextId: 7 })))).to.equal(1);
    const in64 = connection.send(callOf(requestOf(2), { contextId: 1, syntax: 'ndr64' }));
    expect(countIn(in64, 'ndr64')).to.equal(2);
  });
});
