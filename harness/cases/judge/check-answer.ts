import {
  type Answer,
  decodeAnswerStub,
  encodingOf,
  FORBIDDEN_FAULTS,
  type KmsResponse,
  MAX_EPID_SIZE,
  namesContext,
  type PduOf,
  readAnswer,
  RESPONSE_OVERHEAD,
  stubEncoding,
  verifyMac,
} from '../../../protocol';
import type { RunContext } from '../conduct/capabilities';
import type { RenderedAsk } from '../conduct/render';
import type { ClauseId } from './clauses';
import { malformedAnswer, type Violation, violation } from './violation';

type AnswerPdu = PduOf<'response'> | PduOf<'fault'>;

/** What came back to a call, and whether it is as MSG and RPC of the catalogue have it. */
export interface CheckedAnswer {
  readonly answer: Answer;
  readonly violations: readonly Violation[];
  /** What no clause settles. */
  readonly remarks: readonly string[];
  /** Octets of the answer that nothing in the request or the host explains: where a leak would show. */
  readonly unexplained: readonly Uint8Array[];
}

type Expect = (
  clause: ClauseId,
  differs: string,
  expected: number | string | bigint,
  received: number | string | bigint,
) => void;

/** VLActivationInterval and VLRenewalInterval that a host can be told (Operations Guide, WMI methods). */
const INTERVALS = [15, 43_200] as const;

/** Judges one whole answer by its request. */
export function checkAnswer(pdu: AnswerPdu, asked: RenderedAsk, context: RunContext): CheckedAnswer {
  const answer = readAnswer(pdu, asked.syntax);
  const violations: Violation[] = [];
  const unexplained: Uint8Array[] = [];
  const remarks: string[] = [];
  const expect: Expect = (clause, differs, expected, received): void => {
    if (expected !== received) violations.push(violation('conforms', clause, differs, expected, received));
  };
  expect('RPC-06', 'call_id', asked.callId, pdu.header.callId);
  if (!namesContext(pdu, asked.contextId))
    expect('RPC-07', 'context_id', asked.contextId, pdu.body.contextId);
  if (answer.kind === 'malformed') violations.push(malformedAnswer(answer.error));
  if (pdu.kind === 'fault') checkFault(pdu, violations, unexplained);
  else if (answer.kind !== 'malformed') checkStub(pdu, asked, violations, unexplained);
  if (answer.kind === 'response') {
    unexplained.push(answer.bytes.subarray(8, 8 + answer.value.ePidSize));
    if (asked.expectation.message === 'other') checkVersion(answer.value, asked, remarks);
    else checkResponse(answer.value, answer.bytes, asked, context, expect);
  }
  return { answer, violations, remarks, unexplained };
}

/** What is granted that is no version 4 request is answered as the host likes (MSG-12 is what hosts were seen to do). */
function checkVersion(response: KmsResponse, { request }: RenderedAsk, remarks: string[]): void {
  const [asked, answered] = [request, response].map(
    ({ majorVersion, minorVersion }) => `${majorVersion}.${minorVersion}`,
  );
  if (asked !== answered) remarks.push(`answers another version with ${answered}`);
}

/** RPC-22 and RPC-29. */
function checkFault(pdu: PduOf<'fault'>, violations: Violation[], unexplained: Uint8Array[]): void {
  const { stub, reserved, status } = pdu.body;
  const forbidden = FORBIDDEN_FAULTS[status];
  if (forbidden !== undefined)
    violations.push(violation('conforms', 'RPC-29', 'status of a fault', 'one that is allowed', forbidden));
  if (stub.length === 0) return;
  unexplained.push(stub);
  if ((reserved & 1) === 0)
    violations.push(violation('conforms', 'RPC-22', 'stub data in a fault', 0, stub.length));
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
      violations.push(violation('conforms', 'MSG-05', 'size of a refusal', 0, value.responseSize));
    }
  } else {
    if (value.responseSize !== value.maxCount) {
      violations.push(
        violation('conforms', 'MSG-05', 'lengths of the stub', value.maxCount, value.responseSize),
      );
    }
    if (value.padding.some((octet) => octet !== 0)) unexplained.push(value.padding);
  }
  if (value.trailing.length === 0) return;
  unexplained.push(value.trailing);
  violations.push(violation('conforms', 'MSG-08', 'octets behind the stub', 0, value.trailing.length));
}

function checkResponse(
  response: KmsResponse,
  bytes: Uint8Array,
  { request }: RenderedAsk,
  { mac, capabilities }: RunContext,
  expect: Expect,
): void {
  const { ePid, ePidSize } = response;
  expect(
    'MSG-01',
    'version',
    `${request.majorVersion}.${request.minorVersion}`,
    `${response.majorVersion}.${response.minorVersion}`,
  );
  expect('MSG-02', 'CMID', request.clientMachineId, response.clientMachineId);
  expect('MSG-03', 'ClientTime', request.requestTime, response.requestTime);
  expect('MSG-05', 'size', RESPONSE_OVERHEAD + ePidSize, bytes.length);
  const isText = typeof ePid === 'string' && ePid.length > 0 && !ePid.includes('\0');
  expect('MSG-04', 'ePID is text with one NUL, at its end', 'yes', isText ? 'yes' : 'no');
  expect(
    'MSG-04',
    'ePID is even and at most 128 bytes',
    'yes',
    ePidSize % 2 === 0 && ePidSize <= MAX_EPID_SIZE ? 'yes' : 'no',
  );
  for (const minutes of [response.activationIntervalMinutes, response.renewalIntervalMinutes]) {
    if (minutes < INTERVALS[0] || minutes > INTERVALS[1])
      expect('TIME-09', 'intervals', '15 to 43200', minutes);
  }
  if (mac !== undefined && capabilities.signs)
    expect('MSG-07', 'MAC', 'verifies', verifyMac(bytes, mac) ? 'verifies' : 'does not verify');
}
