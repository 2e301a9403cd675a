import { expect } from 'chai';
import {
  btfnSyntax,
  decodeAnswerStub,
  decodePdu,
  decodeResponse,
  Defragmenter,
  encodePdu,
  encodeRequestStub,
  FAULT,
  type KmsResponse,
  LAB_KEY,
  createMac,
  NDR32,
  NDR64,
  type Pdu,
  type PduOf,
  PTYPE,
  readAnswer,
  stubEncoding,
  type TransferSyntax,
  verifyMac,
} from '../../protocol';
import { clientFragments } from './testing/fragments';
import {
  alterOf,
  bindOf,
  callOf,
  contextOf,
  Lab,
  type LabConnection,
  NDR32_CONTEXT,
  NDR64_CONTEXT,
  requestOf,
} from './testing/lab';
import { recordedConversations, sentBy } from './testing/recorded';

const OTHER_INTERFACE = { uuid: '12345678-1234-abcd-ef00-0123456789ab', major: 1, minor: 0 };
const bind = bindOf([NDR32_CONTEXT]);
const SHORT_STUB = encodeRequestStub({ message: requestOf(1) }, stubEncoding('ndr32')).subarray(0, 100);

function connect(lab = new Lab(), ...segments: Uint8Array[]): LabConnection {
  const connection = lab.associate();
  for (const segment of segments) connection.send(segment);
  return connection;
}

const pdusOf = (answers: readonly Uint8Array[]): Pdu[] => answers.map((bytes) => decodePdu(bytes));
const endOf = (connection: LabConnection): string => connection.log.at(-1)!;

function countIn(answers: readonly Uint8Array[], syntax: TransferSyntax = 'ndr32'): number {
  const answer = readAnswer(decodePdu(answers.at(-1)!) as PduOf<'response'>, syntax);
  if (answer.kind !== 'response') throw new Error(`a ${answer.kind} instead of a response`);
  return answer.value.currentClientCount;
}

function resultsOf(contexts: Parameters<typeof bindOf>[0], ndr64 = true): unknown {
  const [ack] = pdusOf(connect(new Lab({ ndr64 })).send(bindOf(contexts)));
  return (ack as PduOf<'bindAck'>).body.results.map(({ result, reason }) => [result, reason]);
}

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

  it('answers limits no larger than offered', () => {
    for (const [offered, answered] of [
      [1432, 1432],
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
    ['limits in which nothing fits', bindOf([NDR32_CONTEXT], 16), 2],
    [
      'authentication',
      encodePdu({
        kind: 'bind',
        header: { callId: 2 },
        body: { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts: [NDR32_CONTEXT] },
        authTrailer: new Uint8Array(16),
      }),
      8,
    ],
    ['more contexts than there are', Uint8Array.from(bind).fill(9, 24, 25), 0],
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

describe('association: calls', () => {
  it('signs with the lab key', () => {
    const [answer] = pdusOf(connect(new Lab(), bind).send(callOf(requestOf(1))));
    const stub = decodeAnswerStub((answer as PduOf<'response'>).body.stub, stubEncoding('ndr32'));
    if (stub.kind !== 'response') throw new Error('refused');
    expect(verifyMac(stub.value.message, createMac(LAB_KEY))).to.equal(true);
    const { value } = decodeResponse(stub.value.message) as { value: KmsResponse };
    expect([value.activationIntervalMinutes, value.renewalIntervalMinutes]).to.deep.equal([120, 10_080]);
  });

  it('answers big-endian clients in what it declares', () => {
    const header = { callId: 0x01020304, drep: Uint8Array.of(0, 0, 0, 0) };
    const stub = encodeRequestStub({ message: requestOf(1) }, stubEncoding('ndr32', true));
    const body = { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts: [NDR32_CONTEXT] };
    const connection = connect(new Lab(), encodePdu({ kind: 'bind', header, body }));
    const answers = connection.send(
      encodePdu({ kind: 'request', header, body: { contextId: 0, opnum: 0, stub } }),
    );
    expect(countIn(answers)).to.equal(1);
    const [answer] = pdusOf(answers);
    expect([...answer!.header.drep]).to.deep.equal([0x10, 0, 0, 0]);
    expect(answer!.header.callId).to.equal(0x01020304);
  });

  it('joins fragments of any size, and sends some where the client takes small ones only', () => {
    for (const size of [1, 8, 100, 259, 260]) {
      const connection = connect(new Lab(), bind);
      expect(countIn(clientFragments(requestOf(1), size).flatMap((part) => connection.send(part)))).to.equal(
        1,
      );
    }
    const parts = pdusOf(connect(new Lab(), bindOf([NDR32_CONTEXT], 64)).send(callOf(requestOf(1))));
    const joined = new Defragmenter<'response'>();
    const calls = parts.map((part) => joined.push(part as PduOf<'response'>));
    expect(parts.map(({ header }) => header.pfcFlags)).to.deep.equal([1, 0, 0, 0, 2]);
    expect(parts.every(({ header }) => header.fragLength <= 64)).to.equal(true);
    const { body } = calls.at(-1)!;
    expect(decodeAnswerStub(body.stub, stubEncoding('ndr32')).kind).to.equal('response');
  });

  it('does not mind alloc_hint, an object UUID, orphaned and co_cancel', () => {
    const connection = connect(new Lab(), bind);
    for (const body of [{ allocHint: 0 }, { allocHint: 0xffffffff }, { objectUuid: NDR32.uuid }]) {
      expect(countIn(connection.send(callOf(requestOf(1), { body })))).to.equal(1);
    }
    const [first, ...later] = clientFragments(requestOf(2), 100);
    connection.send(first!);
    connection.send(encodePdu({ kind: 'orphaned', header: { callId: 3 }, body: {} }));
    connection.send(encodePdu({ kind: 'coCancel', header: { callId: 3 }, body: {} }));
    expect(countIn(connection.send(callOf(requestOf(3))))).to.equal(2);
    expect(later).to.have.length(2);
  });

  const faults: [string, Uint8Array, number, string][] = [
    ['an opnum other than 0', callOf(requestOf(1), { body: { opnum: 7 } }), FAULT.opRangeError, 'open'],
    [
      'a context that was not negotiated',
      callOf(requestOf(1), { contextId: 3 }),
      FAULT.unknownInterface,
      'open',
    ],
    [
      'a stub that is too short',
      callOf(requestOf(1), { body: { stub: SHORT_STUB } }),
      FAULT.badStubData,
      'open',
    ],
    [
      'a stub of a byte',
      callOf(requestOf(1), { body: { stub: new Uint8Array(1) } }),
      FAULT.badStubData,
      'open',
    ],
    [
      'a last fragment without a first',
      clientFragments(requestOf(1), 200)[1]!,
      FAULT.protocolError,
      'closed',
    ],
  ];
  for (const [what, bytes, status, end] of faults) {
    it(`faults ${what}`, () => {
      const connection = connect(new Lab(), bind);
      const [fault] = pdusOf(connection.send(bytes));
      expect(fault?.kind).to.equal('fault');
      const { body } = fault as PduOf<'fault'>;
      const summary = [body.status, body.stub.length, body.contextId, endOf(connection)];
      expect(summary).to.deep.equal([status, 0, what.startsWith('a context') ? 3 : 0, end]);
    });
  }

  it('counts nothing for stubs whose lengths differ, and answers a zero-sized one', () => {
    const lab = new Lab();
    const connection = connect(lab, bind);
    const sizes: [bigint, bigint][] = [
      [252n, 251n],
      [251n, 252n],
      [0n, 0n],
      [1n << 31n, 1n << 31n],
    ];
    for (const [requestSize, maxCount] of sizes) {
      const encoding = stubEncoding('ndr32');
      const stub = encodeRequestStub({ requestSize, maxCount, message: requestOf(9) }, encoding);
      expect(connection.send(callOf(requestOf(9), { body: { stub } }))).to.have.length(1);
    }
    expect(countIn(connection.send(callOf(requestOf(1))))).to.equal(1);
  });

  it('answers what came before bytes that are no PDU', () => {
    const connection = connect();
    const answers = connection.send(Buffer.concat([bind, callOf(requestOf(1)), Buffer.from('garbage')]));
    expect(answers).to.have.length(2);
    expect([countIn(answers), endOf(connection)]).to.deep.equal([1, 'closed']);
  });

  it('closes on what a client does not send, whatever its PTYPE', () => {
    const known: number[] = [PTYPE.request, PTYPE.bind, PTYPE.alterContext, PTYPE.coCancel, PTYPE.orphaned];
    for (let ptype = 0; ptype < 256; ptype++) {
      if (known.includes(ptype)) continue;
      const connection = connect(new Lab(), bind);
      const header = Uint8Array.of(5, 0, ptype, 3, 0x10, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0);
      connection.send(header);
      expect(endOf(connection), `ptype ${ptype}`).to.equal('closed');
    }
  });
});
