import { deepStrictEqual } from 'node:assert';
import { Bench } from 'tinybench';
import {
  decodeAnswerStub,
  decodePdu,
  decodeRequest,
  decodeRequestStub,
  decodeResponse,
  encodePdu,
  encodeRequest,
  encodeRequestStub,
  encodeResponse,
  encodeResponseStub,
  type KmsRequest,
  type KmsResponse,
  stubEncoding,
} from '../protocol';
import { recordedConnections, cutPdus } from '../protocol/testing/recordings';
import { parserRequest, parserResponse, restructureRequest, restructureResponse } from './declarative-codecs';
import * as byHand from './hand-written';
import type { BenchReport, BenchSection } from './section';

const NDR32 = stubEncoding('ndr32');
type Call<T> = byHand.Call<T>;

/** The declared codec, from PDU to message and back. */
const declared = {
  readRequest: (bytes: Uint8Array) => decodeRequest(bytes).value as KmsRequest,
  readResponse: (bytes: Uint8Array) => decodeResponse(bytes).value as KmsResponse,
  readRequestPdu: (bytes: Uint8Array): Call<KmsRequest> => {
    const pdu = decodePdu(bytes);
    if (pdu.kind !== 'request') throw new Error(pdu.kind);
    const { message } = decodeRequestStub(pdu.body.stub, NDR32);
    return {
      callId: pdu.header.callId,
      contextId: pdu.body.contextId,
      message: declared.readRequest(message),
    };
  },
  readResponsePdu: (bytes: Uint8Array): Call<KmsResponse> => {
    const pdu = decodePdu(bytes);
    if (pdu.kind !== 'response') throw new Error(pdu.kind);
    const stub = decodeAnswerStub(pdu.body.stub, NDR32);
    if (stub.kind !== 'response') throw new Error(stub.kind);
    const message = declared.readResponse(stub.value.message);
    return { callId: pdu.header.callId, contextId: pdu.body.contextId, message };
  },
  writeRequest: (value: KmsRequest) => encodeRequest(value),
  writeResponse: (value: KmsResponse) => encodeResponse(value),
  writeRequestPdu: ({ callId, contextId, message }: Call<KmsRequest>) =>
    encodePdu({
      kind: 'request',
      header: { callId },
      body: { contextId, opnum: 0, stub: encodeRequestStub({ message: encodeRequest(message) }, NDR32) },
    }),
  writeResponsePdu: ({ callId, contextId, message }: Call<KmsResponse>) =>
    encodePdu({
      kind: 'response',
      header: { callId },
      body: { contextId, stub: encodeResponseStub({ message: encodeResponse(message) }, NDR32) },
    }),
};

interface Contender {
  readonly name: string;
  readonly run: (input: never) => unknown;
}

interface Contest {
  readonly what: string;
  readonly inputs: readonly unknown[];
  readonly declared: (input: never) => unknown;
  readonly others: readonly (Contender & { readonly factor?: number })[];
}

const connections = recordedConnections('v4-threshold-clients.pcap');
const requestPdus = connections.map(({ sent }) => cutPdus(sent)[1]!);
const responsePdus = connections.map(({ received }) => cutPdus(received)[1]!);
const requests = requestPdus.map((pdu) => pdu.subarray(32));
const responses = responsePdus.map((pdu) => pdu.subarray(36, 36 + 158));

/** Within 3 times of the one by hand; ahead of the other declarative ones. */
const HAND = 3;
const AHEAD = 1;

const contests: readonly Contest[] = [
  {
    what: 'decode a request',
    inputs: requests,
    declared: declared.readRequest,
    others: [
      { name: 'by hand', run: byHand.readRequest, factor: HAND },
      { name: 'binary-parser', run: (bytes) => parserRequest.parse(bytes), factor: AHEAD },
      { name: 'restructure', run: (bytes) => restructureRequest.fromBuffer(bytes), factor: AHEAD },
    ],
  },
  {
    what: 'decode a response',
    inputs: responses,
    declared: declared.readResponse,
    others: [
      { name: 'by hand', run: byHand.readResponse, factor: HAND },
      { name: 'binary-parser', run: (bytes) => parserResponse.parse(bytes), factor: AHEAD },
      { name: 'restructure', run: (bytes) => restructureResponse.fromBuffer(bytes), factor: AHEAD },
    ],
  },
  {
    what: 'encode a request',
    inputs: requests.map(declared.readRequest),
    declared: declared.writeRequest,
    others: [
      { name: 'by hand', run: byHand.writeRequest, factor: HAND },
      { name: 'restructure', run: (value) => restructureRequest.toBuffer(value), factor: AHEAD },
    ],
  },
  {
    what: 'encode a response',
    inputs: responses.map(declared.readResponse),
    declared: declared.writeResponse,
    others: [
      { name: 'by hand', run: byHand.writeResponse, factor: HAND },
      { name: 'restructure', run: (value) => restructureResponse.toBuffer(value), factor: AHEAD },
    ],
  },
  {
    what: 'decode a request PDU',
    inputs: requestPdus,
    declared: declared.readRequestPdu,
    others: [{ name: 'by hand', run: byHand.readRequestPdu, factor: HAND }],
  },
  {
    what: 'decode a response PDU',
    inputs: responsePdus,
    declared: declared.readResponsePdu,
    others: [{ name: 'by hand', run: byHand.readResponsePdu, factor: HAND }],
  },
  {
    what: 'encode a request PDU',
    inputs: requestPdus.map(declared.readRequestPdu),
    declared: declared.writeRequestPdu,
    others: [{ name: 'by hand', run: byHand.writeRequestPdu, factor: HAND }],
  },
  {
    what: 'encode a response PDU',
    inputs: responsePdus.map(declared.readResponsePdu),
    declared: declared.writeResponsePdu,
    others: [{ name: 'by hand', run: byHand.writeResponsePdu, factor: HAND }],
  },
];

/** Rounds through all inputs in one timed call: a single one takes less than the clock can tell. */
const ROUNDS = 10;

async function compete(contest: Contest, report: BenchReport): Promise<void> {
  const contenders: Contender[] = [{ name: 'declared', run: contest.declared }, ...contest.others];
  for (const { name, run } of contenders) checkSame(contest, name, run);
  const bench = new Bench({ time: 250, warmupTime: 100 });
  for (const { name, run } of contenders) {
    bench.add(name, () => {
      for (let round = 0; round < ROUNDS; round++) for (const input of contest.inputs) run(input as never);
    });
  }
  await bench.run();
  const microseconds = (name: string): number => {
    const { result } = bench.getTask(name)!;
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
    return (1000 * result.latency.p50) / (ROUNDS * contest.inputs.length);
  };
  const own = microseconds('declared');
  report.measured(contest.what, own, 'us');
  for (const { name, factor } of contest.others) {
    const ratio = own / microseconds(name);
    report.measured(
      `    time against ${name}`,
      ratio,
      'times',
      factor === undefined ? undefined : { atMost: factor },
    );
  }
}

function checkSame(contest: Contest, name: string, run: (input: never) => unknown): void {
  for (const input of contest.inputs) {
    const expected = comparable(contest.declared(input as never));
    deepStrictEqual(
      comparable(run(input as never)),
      expected,
      `${contest.what}: ${name} gives something else`,
    );
  }
}

/** Buffers and plain arrays of bytes count as the same; key order and prototypes do not matter. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, comparable(part)]));
}

export const section: BenchSection = {
  name: 'codec',
  title: 'the declared codec against one by hand and two declarative ones, on recorded messages',
  async run(report) {
    for (const contest of contests) await compete(contest, report);
  },
};
