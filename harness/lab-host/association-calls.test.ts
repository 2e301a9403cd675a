import { expect } from 'chai';
import {
  decodeAnswerStub,
  decodeResponse,
  encodePdu,
  encodeRequestStub,
  FAULT,
  type KmsResponse,
  LAB_KEY,
  createMac,
  NDR32,
  type PduOf,
  PTYPE,
  stubEncoding,
  verifyMac,
} from '../../protocol';
import { clientFragments } from './testing/fragments';
import { callOf, Lab, NDR32_CONTEXT, requestOf } from './testing/lab';
import { SHORT_STUB, bind, connect, countIn, endOf, pdusOf } from './testing/associate';

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

  it('joins fragments of any size', () => {
    for (const size of [1, 8, 100, 259, 260]) {
      const connection = connect(new Lab(), bind);
      expect(countIn(clientFragments(requestOf(1), size).flatMap((part) => connection.send(part)))).to.equal(
        1,
      );
    }
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
    expect(countIn(later.flatMap((part) => connection.send(part)))).to.equal(2);
    expect(countIn(connection.send(callOf(requestOf(3))))).to.equal(3);
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
      expect(summary).to.deep.equal([status, 0, 0, end]);
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
