import { expect } from 'chai';
import {
  createMac,
  decodePdu,
  encodeRefusalStub,
  encodeResponse,
  encodeResponseStub,
  HRESULT,
  type KmsRequest,
  type KmsResponse,
  LAB_KEY,
  type Mac,
  type PduOf,
  readAnswer,
  readRequest,
  stubEncoding,
} from '../../../protocol';
import { RECORDED_REQUEST, RECORDED_RESPONSE } from '../../../reports/testing/recorded';
import { PROFILES } from '../../model/profile';
import type { RunContext } from '../conduct/capabilities';
import { checkAnswer } from './check-answer';
import type { RenderedAsk } from '../conduct/render';

const ENCODING = stubEncoding('ndr32');
const bytes = Buffer.from(RECORDED_REQUEST, 'hex');
const sent = decodePdu(bytes) as PduOf<'request'>;
const received = decodePdu(Buffer.from(RECORDED_RESPONSE, 'hex')) as PduOf<'response'>;
const { content } = readRequest(sent, 'ndr32');
const request = (content as { value: KmsRequest }).value;
const recorded = readAnswer(received, 'ndr32') as { value: KmsResponse };

const asked: RenderedAsk = {
  request,
  callId: sent.header.callId,
  contextId: sent.body.contextId,
  syntax: 'ndr32',
  bytes,
  messageBytes: 252,
  expectation: { granted: 'CNT-16', denied: null, mustReact: true, message: 'version 4' },
};

function contextOf(mac?: Mac): RunContext {
  return {
    endpoint: { host: '127.0.0.1', port: 1688 },
    capabilities: {
      ndr64: false,
      grantsAnyApplication: false,
      countsApplicationsApart: false,
      keepsConnections: true,
      requestTime: 0n,
      signs: mac !== undefined,
    },
    profile: PROFILES['vista-2008'],
    mac,
    timeoutMs: 1000,
  };
}

type Checked = ReturnType<typeof checkAnswer>;
const check = (pdu: PduOf<'response'> | PduOf<'fault'>, mac?: Mac): Checked =>
  checkAnswer(pdu, asked, contextOf(mac));
const withStub = (stub: Uint8Array): Checked => check({ ...received, body: { ...received.body, stub } });
/** The recorded response with other fields, encoded again. */
const answered = (change: Partial<KmsResponse>, sign?: Mac): Checked => {
  const { mac: _mac, ePidSize: _size, ...fields } = recorded.value;
  const message = encodeResponse({ ...fields, ...change }, sign);
  const stub = encodeResponseStub({ message }, ENCODING);
  return check({ ...received, body: { ...received.body, stub } }, sign);
};
const said = ({ violations }: Checked): string[] =>
  violations.map(({ differs, clause }) => `${differs} (${clause})`);

describe('judging an answer of a fuzz case', () => {
  it('finds nothing in the recorded answer to the recorded request, and knows what it explains', () => {
    const checked = check(received);
    expect(checked.violations).to.deep.equal([]);
    expect(checked.answer.kind).to.equal('response');
    expect(checked.unexplained.map((each) => Buffer.from(each).toString('utf16le'))).to.deep.equal([
      `${String(recorded.value.ePid)}\0`,
    ]);
  });

  it('tells the call and the context of another', () => {
    const other = check({
      ...received,
      header: { ...received.header, callId: 9 },
      body: { ...received.body, contextId: 3 },
    });
    expect(said(other)).to.deep.equal(['call_id (RPC-06)', 'context_id (RPC-07)']);
    expect(other.violations[0]!.message).to.equal('call_id: expected 2, received 9');
  });

  for (const [what, change, clause] of [
    ['another version', { minorVersion: 1 }, 'version (MSG-01)'],
    [
      'the machine id of another',
      { clientMachineId: '11111111-2222-3333-4444-555555555555' },
      'CMID (MSG-02)',
    ],
    ['another time', { requestTime: request.requestTime + 1n }, 'ClientTime (MSG-03)'],
    ['an interval of no host', { activationIntervalMinutes: 14 }, 'intervals (TIME-09)'],
    ['a renewal after more than 30 days', { renewalIntervalMinutes: 43_201 }, 'intervals (TIME-09)'],
    ['an ePID that is empty', { ePid: '' }, 'ePID is text with one NUL, at its end (MSG-04)'],
    ['an ePID with a NUL in it', { ePid: 'a\0b' }, 'ePID is text with one NUL, at its end (MSG-04)'],
    ['an ePID that is too long', { ePid: 'x'.repeat(64) }, 'ePID is even and at most 128 bytes (MSG-04)'],
  ] as const) {
    it(`tells ${what} by its clause`, () => expect(said(answered(change))).to.include(clause));
  }

  it('lets intervals be as short and as long as a host can be told', () => {
    for (const minutes of [15, 43_200]) {
      const change = { activationIntervalMinutes: minutes, renewalIntervalMinutes: minutes };
      expect(said(answered(change))).to.deep.equal([]);
    }
  });

  it('tells a signature that does not verify, where the host was seen to sign', () => {
    const mac = createMac(LAB_KEY);
    expect(said(answered({}, mac))).to.deep.equal([]);
    const unsigned = check(
      { ...received, body: { ...received.body } },
      createMac(new Uint8Array(20).fill(7)),
    );
    expect(said(unsigned)).to.deep.equal(['MAC (MSG-07)']);
  });

  it('tells a stub whose two lengths differ', () => {
    const message = encodeResponse(recorded.value);
    const stub = encodeResponseStub({ message, responseSize: BigInt(message.length + 1) }, ENCODING);
    expect(said(withStub(stub))).to.deep.equal(['lengths of the stub (MSG-05)']);
  });

  it('tells octets behind the stub, and takes them and padding that is not zero for a possible leak', () => {
    const message = encodeResponse(recorded.value);
    const trailing = Buffer.from('secret');
    const long = withStub(encodeResponseStub({ message, trailing }, ENCODING));
    expect(said(long)).to.deep.equal(['octets behind the stub (MSG-08)']);
    expect(long.unexplained.map((each) => Buffer.from(each).toString('latin1'))).to.include('secret');
    const padding = Buffer.alloc((4 - (message.length % 4)) % 4, 0x5a);
    expect(padding.length).to.be.greaterThan(0);
    const padded = withStub(encodeResponseStub({ message, padding }, ENCODING));
    expect(said(padded)).to.deep.equal([]);
    expect(padded.unexplained.map((each) => Buffer.from(each))).to.deep.include(padding);
  });

  it('tells a refusal that announces a message, or has octets behind it', () => {
    const hresult = HRESULT.productNotOffered;
    expect(said(withStub(encodeRefusalStub({ hresult }, ENCODING)))).to.deep.equal([]);
    expect(said(withStub(encodeRefusalStub({ hresult, responseSize: 8n }, ENCODING)))).to.deep.equal([
      'size of a refusal (MSG-05)',
    ]);
    const trailing = Buffer.of(1, 2, 3);
    const long = withStub(encodeRefusalStub({ hresult, trailing }, ENCODING));
    expect(said(long)).to.deep.equal(['octets behind the stub (MSG-08)']);
    expect(long.violations[0]!.message).to.contain('expected 0, received 3');
  });

  it('tells where an answer does not decode', () => {
    const cut = withStub(received.body.stub.subarray(0, 40));
    expect(cut.answer.kind).to.equal('malformed');
    expect(said(cut)).to.have.length(1);
    expect(said(cut)[0]).to.match(/^malformed answer, stub\.response/);
  });

  it('lets a fault carry data only where it says so', () => {
    const fault = (reserved: number, stub: string): Checked =>
      check({
        kind: 'fault',
        header: received.header,
        body: {
          allocHint: 0,
          contextId: asked.contextId,
          cancelCount: 0,
          reserved,
          status: 0x1c010002,
          reserved2: 0,
          stub: Buffer.from(stub),
        },
      } as unknown as PduOf<'fault'>);
    expect([fault(0, '').violations, fault(0, '').unexplained]).to.deep.equal([[], []]);
    expect(said(fault(0, 'data'))).to.deep.equal(['stub data in a fault (RPC-22)']);
    expect(said(fault(1, 'data'))).to.deep.equal([]);
    expect(Buffer.concat(fault(1, 'data').unexplained).toString()).to.equal('data');
  });
});
