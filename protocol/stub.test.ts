import { expect } from 'chai';
import { readAnswer, readRequest } from './call';
import { hex } from './codec/json';
import { decodePdu, encodePdu, type PduInput, type PduOf } from './pdu';
import { DREP_BIG_ENDIAN } from './pdu-layouts';
import { FAULT } from './status';
import {
  answerStubFieldMap,
  decodeAnswerStub,
  decodeRequestStub,
  encodeRefusalStub,
  encodeRequestStub,
  encodeResponseStub,
  stubEncoding,
} from './stub';
import { expectProtocolError, protocolErrorOf } from './testing/expect-error';
import { cutPdus, recordedConnections, recordedMessages } from './testing/recordings';

const NDR32 = stubEncoding('ndr32');
const NDR64 = stubEncoding('ndr64');
const octets = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const message = Uint8Array.of(0xaa, 0xbb, 0xcc);

describe('stubs', () => {
  // From the table of wire-format section 3.
  it('of a request give the size twice, in the width of the transfer syntax', () => {
    expect(hex(encodeRequestStub({ message }, NDR32))).to.equal('0300000003000000aabbcc');
    expect(hex(encodeRequestStub({ message }, NDR64))).to.equal('03000000000000000300000000000000aabbcc');
    const big = stubEncoding('ndr32', true);
    expect(hex(encodeRequestStub({ message }, big))).to.equal('0000000300000003aabbcc');
  });

  it('of a response give size, referent and maximum count, pad to 4, and end in HRESULT 0', () => {
    expect(hex(encodeResponseStub({ message }, NDR32))).to.equal('030000000000020003000000aabbcc0000000000');
    expect(hex(encodeResponseStub({ message }, NDR64))).to.equal(
      '030000000000000000000200000000000300000000000000aabbcc0000000000',
    );
  });

  it('of a refusal are the recorded ones', () => {
    expect(hex(encodeRefusalStub({ hresult: 0xc004f042 }, NDR32))).to.equal('000000000000000042f004c0');
    const recorded = recordedMessages().refusal.map((stub) => decodeAnswerStub(stub, NDR32));
    expect(recorded.map(({ value }) => value.hresult)).to.deep.equal([0xc004f042, 0xc004f042, 0x8007000d]);
    expect(recorded.every(({ kind }) => kind === 'refusal')).to.be.true;
  });

  it('are told apart by the pointer alone', () => {
    expect(decodeAnswerStub(octets('00000000 01000000 00000000 00000000'), NDR32).kind).to.equal('response');
    expect(decodeAnswerStub(octets('03000000 00000000 0d000780'), NDR32).kind).to.equal('refusal');
    const wide = '0000000000000000 0000000001000000 0000000000000000 00000000';
    expect(decodeAnswerStub(octets(wide), NDR64).kind).to.equal('response');
    const wideRefusal = '0300000000000000 0000000000000000 42f004c0';
    const { kind, value } = decodeAnswerStub(octets(wideRefusal), NDR64);
    expect([kind, value.hresult]).to.deep.equal(['refusal', 0xc004f042]);
  });

  it('that end within their pointer have none; behind it, what it points to is missing', () => {
    for (const [encoding, width] of [
      [NDR32, 4],
      [NDR64, 8],
    ] as const) {
      const ones = new Uint8Array(2 * width).fill(1);
      for (let cut = width; cut < 2 * width; cut++) {
        const error = expectProtocolError(() => decodeAnswerStub(ones.subarray(0, cut), encoding));
        expect(error.path, `${cut} octets`).to.equal('stub.refusal.referentId');
      }
      expect(expectProtocolError(() => decodeAnswerStub(ones, encoding)).path).to.equal(
        'stub.response.maxCount',
      );
    }
  });

  it('send lengths that lie as they are given', () => {
    const lying = encodeRequestStub({ requestSize: 1n, maxCount: 0xffffffffn, message }, NDR32);
    expect(hex(lying)).to.equal('01000000ffffffffaabbcc');
    const error = expectProtocolError(() => decodeRequestStub(lying, NDR32));
    expect(error).to.include({
      code: 'truncated',
      path: 'stub.request.message',
      offset: 8,
      actual: '3 bytes',
    });
    const wide = encodeRequestStub({ maxCount: (1n << 64n) - 1n, message }, NDR64);
    expect(expectProtocolError(() => decodeRequestStub(wide, NDR64)).code).to.equal('truncated');
    expectProtocolError(() => encodeRequestStub({ maxCount: 1n << 32n, message }, NDR32));
  });

  it('keep what stands behind them', () => {
    const stub = octets('01000000 01000000 aa bbccdd');
    expect(hex(decodeRequestStub(stub, NDR32).trailing)).to.equal('bbccdd');
  });

  it('recorded ones, cut off at any length, give an error or keep what is there', () => {
    for (const capture of ['v4-threshold-clients.pcap', 'v4-one-connection-ndr64.pcap', 'v4-refused.pcap']) {
      const { received, sent } = recordedConnections(capture)[0]!;
      const request = cutPdus(sent)
        .findLast((pdu) => pdu[2] === 0)!
        .subarray(24);
      const answer = cutPdus(received)
        .findLast((pdu) => pdu[2] === 2)!
        .subarray(24);
      for (const encoding of [NDR32, NDR64]) {
        for (let cut = 0; cut <= answer.length; cut++) {
          const prefix = answer.subarray(0, cut);
          const error = protocolErrorOf(() => decodeAnswerStub(prefix, encoding));
          expect(protocolErrorOf(() => answerStubFieldMap(prefix, encoding))?.message).to.equal(
            error?.message,
          );
        }
        for (let cut = 0; cut <= request.length; cut++) {
          protocolErrorOf(() => decodeRequestStub(request.subarray(0, cut), encoding));
        }
      }
      for (let cut = 0; cut < 12; cut++) {
        expectProtocolError(() => decodeAnswerStub(answer.subarray(0, cut), NDR32));
      }
    }
  });
});

describe('calls', () => {
  const recordedRequest = (capture: string): PduOf<'request'> =>
    decodePdu(
      cutPdus(recordedConnections(capture)[0]!.sent).findLast((bytes) => bytes[2] === 0)!,
    ) as PduOf<'request'>;
  const recordedResponse = (capture: string): PduOf<'response'> =>
    decodePdu(
      cutPdus(recordedConnections(capture)[0]!.received).findLast((bytes) => bytes[2] === 2)!,
    ) as PduOf<'response'>;

  it('are read in the transfer syntax of their context', () => {
    const ndr64 = 'v4-one-connection-ndr64.pcap';
    const request = readRequest(recordedRequest(ndr64), 'ndr64');
    expect(request.content.kind).to.equal('clear');
    expect(request.bytes).to.have.length(252);
    expect(readRequest(recordedRequest('v4-threshold-clients.pcap'), 'ndr32').content.kind).to.equal('clear');
    expect(readRequest(recordedRequest('v5.pcap'), 'ndr32').content.kind).to.equal('sealed');
  });

  it('tell of a request that is malformed: the message where the stub is whole, the stub where it is not', () => {
    const call = recordedRequest('v4-threshold-clients.pcap');
    const short = encodeRequestStub({ message }, NDR32);
    const inMessage = readRequest({ ...call, body: { ...call.body, stub: short } }, 'ndr32');
    expect(inMessage.content).to.have.nested.property('error.path', 'kms.request.majorVersion');
    expect(hex(inMessage.bytes)).to.equal('aabbcc');
    const inStub = readRequest({ ...call, body: { ...call.body, stub: short.subarray(0, 9) } }, 'ndr32');
    expect(inStub.content).to.have.nested.property('error.path', 'stub.request.message');
    expect(inStub.bytes).to.have.length(9);
  });

  it('tell each answer by its kind', () => {
    const response = readAnswer(recordedResponse('v4-threshold-clients.pcap'), 'ndr32');
    expect(response).to.have.nested.include({ kind: 'response', 'value.currentClientCount': 1 });
    expect(readAnswer(recordedResponse('v5.pcap'), 'ndr32').kind).to.equal('sealed');
    expect(readAnswer(recordedResponse('v4-refused.pcap'), 'ndr32')).to.deep.equal({
      kind: 'refusal',
      hresult: 0xc004f042,
    });
    const body = { contextId: 0, status: FAULT.badStubData };
    const fault = decodePdu(encodePdu({ kind: 'fault', header: {}, body })) as PduOf<'fault'>;
    expect(readAnswer(fault, 'ndr32')).to.deep.equal({ kind: 'fault', status: 0x6f7 });
  });

  it('take a null pointer for a refusal, whatever the HRESULT', () => {
    const call = recordedResponse('v4-refused.pcap');
    const stub = new Uint8Array(12);
    expect(readAnswer({ ...call, body: { ...call.body, stub } }, 'ndr32')).to.deep.equal({
      kind: 'refusal',
      hresult: 0,
    });
  });

  it('tell of malformed bytes only: a mistake of the caller is thrown', () => {
    const stub = undefined as unknown as Uint8Array;
    const request = recordedRequest('v4-refused.pcap');
    expect(() => readRequest({ ...request, body: { ...request.body, stub } }, 'ndr32')).to.throw(TypeError);
    const response = recordedResponse('v4-refused.pcap');
    expect(() => readAnswer({ ...response, body: { ...response.body, stub } }, 'ndr32')).to.throw(TypeError);
  });

  it('take a message that comes with an HRESULT for a refusal', () => {
    const call = recordedResponse('v4-threshold-clients.pcap');
    const stub = Buffer.from(call.body.stub);
    stub.writeUInt32LE(0x8007000d, stub.length - 4);
    expect(readAnswer({ ...call, body: { ...call.body, stub } }, 'ndr32')).to.deep.equal({
      kind: 'refusal',
      hresult: 0x8007000d,
    });
  });

  it('tell of an answer that is malformed, with the bytes that its offset counts in', () => {
    const call = recordedResponse('v4-threshold-clients.pcap');
    const stub = Buffer.from(call.body.stub);
    stub.writeUInt32LE(4096, 12 + 4);
    const inMessage = readAnswer({ ...call, body: { ...call.body, stub } }, 'ndr32');
    expect(inMessage).to.have.nested.include({
      kind: 'malformed',
      'error.path': 'kms.response.ePid',
      'error.offset': 8,
    });
    expect(inMessage).to.have.nested.property('bytes.length', 158);
    const cut = { ...call, body: { ...call.body, stub: stub.subarray(0, 20) } };
    expect(readAnswer(cut, 'ndr32')).to.have.nested.include({ kind: 'malformed', 'bytes.length': 20 });
  });

  it('are read in the byte order that their header declares', () => {
    const [recorded] = recordedMessages().request;
    const stub = encodeRequestStub({ message: recorded! }, stubEncoding('ndr32', true));
    const pdu: PduInput = {
      kind: 'request',
      header: { drep: DREP_BIG_ENDIAN },
      body: { contextId: 1, opnum: 0, stub },
    };
    const call = decodePdu(encodePdu(pdu)) as PduOf<'request'>;
    expect(hex(call.body.stub.subarray(0, 8))).to.equal('000000fc000000fc');
    const request = readRequest(call, 'ndr32');
    expect(request.content.kind).to.equal('clear');
    expect(hex(request.bytes)).to.equal(hex(recorded!));
  });
});
