import {
  type Answer,
  decodeAnswerStub,
  encodingOf,
  type KmsResponse,
  MAX_EPID_SIZE,
  type PduOf,
  readAnswer,
  RESPONSE_OVERHEAD,
  stubEncoding,
  verifyMac,
} from '../../../protocol';
import type { RunContext } from '../conduct/capabilities';
import type { RenderedAsk } from '../conduct/render';
import { malformedAnswer, type Violation, violation } from './violation';

type AnswerPdu = PduOf<'response'> | PduOf<'fault'>;

/** What came back to a call, and whether it is as MSG and RPC of the catalogue have it. */
export interface CheckedAnswer {
  readonly answer: Answer;
  readonly violations: readonly Violation[];
  /** Octets of the answer that nothing in the request or the host explains: where a leak would show. */
  readonly unexplained: readonly Uint8Array[];
}

/** VLActivationInterval and VLRenewalInterval that a host can be told (Operations Guide, WMI methods). */
const INTERVALS = [15, 43_200] as const;

/** Judges one whole answer by its request. */
export function checkAnswer(pdu: AnswerPdu, asked: RenderedAsk, context: RunContext): CheckedAnswer {
  const answer = readAnswer(pdu, asked.syntax);
  const violations: Violation[] = [];
  const unexplained: Uint8Array[] = [];
  const expect = (
    differs: string,
    expected: number | string | bigint,
    received: number | string | bigint,
  ): void => {
    if (expected !== received) violations.push(violation('conforms', differs, expected, received));
  };
  expect('call_id (RPC-06)', asked.callId, pdu.header.callId);
  expect('context_id (RPC-07)', asked.contextId, pdu.body.contextId);
  if (answer.kind === 'malformed') violations.push(malformedAnswer(answer.error));
  if (pdu.kind === 'fault') checkFault(pdu, violations, unexplained);
  else if (answer.kind !== 'malformed') checkStub(pdu, asked, violations, unexplained);
  if (answer.kind === 'response')
    checkResponse(answer.value, answer.bytes, asked, context, expect, unexplained);
  return { answer, violations, unexplained };
}

/** RPC-08 and RPC-22. */
function checkFault(pdu: PduOf<'fault'>, violations: Violation[], unexplained: Uint8Array[]): void {
  const { stub, reserved } = pdu.body;
  if (stub.length === 0) return;
  unexplained.push(stub);
  if ((reserved & 1) === 0)
    violations.push(violation('conforms', 'stub data in a fault (RPC-22)', 0, stub.length));
}

/** MSG-05 and MSG-08: the lengths that the stub announces, and nothing but padding behind the message. */
function checkStub(
  pdu: PduOf<'response'>,
  asked: RenderedAsk,
  violations: Violation[],
  unexplained: Uint8Array[],
): void {
  const encoding = stubEncoding(asked.syntax, encodingOf(pdu.header.drep).bigEndian);
  const { kind, value } = decodeAnswerStub(pdu.body.stub, encoding);
  if (kind === 'refusal') {
    if (value.responseSize !== 0n) {
      violations.push(violation('conforms', 'size of a refusal (MSG-05)', 0, value.responseSize));
    }
  } else {
    if (value.responseSize !== value.maxCount) {
      violations.push(
        violation('conforms', 'lengths of the stub (MSG-05)', value.maxCount, value.responseSize),
      );
    }
    if (value.padding.some((octet) => octet !== 0)) unexplained.push(value.padding);
  }
  if (value.trailing.length === 0) return;
  unexplained.push(value.trailing);
  violations.push(violation('conforms', 'octets behind the stub (MSG-08)', 0, value.trailing.length));
}

function checkResponse(
  response: KmsResponse,
  bytes: Uint8Array,
  { request }: RenderedAsk,
  { mac, capabilities }: RunContext,
  expect: (differs: string, expected: number | string | bigint, received: number | string | bigint) => void,
  unexplained: Uint8Array[],
): void {
  const { ePid, ePidSize } = response;
  expect(
    'version (MSG-01)',
    `${request.majorVersion}.${request.minorVersion}`,
    `${response.majorVersion}.${response.minorVersion}`,
  );
  expect('CMID (MSG-02)', request.clientMachineId, response.clientMachineId);
  expect('ClientTime (MSG-03)', request.requestTime, response.requestTime);
  expect('size (MSG-05)', RESPONSE_OVERHEAD + ePidSize, bytes.length);
  const isText = typeof ePid === 'string' && ePid.length > 0 && !ePid.includes('\0');
  expect('ePID is text with one NUL, at its end (MSG-04)', 'yes', isText ? 'yes' : 'no');
  expect(
    'ePID is even and at most 128 bytes (MSG-04)',
    'yes',
    ePidSize % 2 === 0 && ePidSize <= MAX_EPID_SIZE ? 'yes' : 'no',
  );
  unexplained.push(bytes.subarray(8, 8 + ePidSize));
  for (const minutes of [response.activationIntervalMinutes, response.renewalIntervalMinutes]) {
    if (minutes < INTERVALS[0] || minutes > INTERVALS[1])
      expect('intervals (TIME-09)', '15 to 43200', minutes);
  }
  if (mac !== undefined && capabilities.signs)
    expect('MAC (MSG-07)', 'verifies', verifyMac(bytes, mac) ? 'verifies' : 'does not verify');
}
