import {
  DREP_BIG_ENDIAN,
  encodePdu,
  HEADER_SIZE,
  PFC,
  PFC_WHOLE,
  type PduInputOf,
  type PduOf,
} from '../../../protocol';
import type { FaultSet } from './faults';

export type CallAnswer = PduInputOf<'response'> | PduInputOf<'fault'>;

/** What an association of a host with faults remembers for its answers. */
export interface AnswerHistory {
  /** Calls answered so far. */
  readonly calls: number;
  /** The context that a bind granted first, once an alter_context has come. */
  readonly boundContext: number | null;
}

const EXTRA_BYTES = 4;

/** A response or fault as a host with faults sends it. */
export function distortAnswer(
  answer: CallAnswer,
  call: PduOf<'request'>,
  history: AnswerHistory,
  faults: FaultSet,
): CallAnswer {
  const callId = distortCallId(call.header.callId, history.calls, faults);
  const contextId = distortContextId(call.body.contextId, history, faults);
  if (answer.kind === 'fault') {
    const stub = faults.has('stub-in-fault') ? { stub: call.body.stub } : {};
    return { ...answer, header: { ...answer.header, callId }, body: { ...answer.body, contextId, ...stub } };
  }
  const drep = faults.has('declares-big-endian') ? { drep: DREP_BIG_ENDIAN } : {};
  const header = { ...answer.header, callId, pfcFlags: distortFlags(faults), ...drep };
  const distorted: CallAnswer = { ...answer, header, body: { ...answer.body, contextId } };
  return distortLength(distorted, faults);
}

function distortLength(answer: PduInputOf<'response'>, faults: FaultSet): CallAnswer {
  const isShort = faults.has('frag-length-of-stub');
  if (!isShort && !faults.has('frag-length-too-long')) return answer;
  const size = encodePdu(answer).length;
  const fragLength = isShort ? size - HEADER_SIZE : size + EXTRA_BYTES;
  return { ...answer, header: { ...answer.header, fragLength } };
}

function distortCallId(callId: number, calls: number, faults: FaultSet): number {
  if (faults.has('call-id-of-its-own')) return calls + 1;
  if (faults.has('call-id-16-bit')) return callId & 0xffff;
  if (faults.has('call-id-never-zero')) return callId === 0 ? 1 : callId;
  if (faults.has('call-id-low-byte') && (callId & 0xff) === 0xff) return (callId + 1) >>> 0;
  return callId;
}

function distortContextId(contextId: number, { boundContext }: AnswerHistory, faults: FaultSet): number {
  if (faults.has('context-id-zero')) return 0;
  if (faults.has('context-id-after-alter') && boundContext !== null) return boundContext;
  return contextId;
}

function distortFlags(faults: FaultSet): number {
  if (faults.has('no-first-flag')) return PFC.lastFrag;
  if (faults.has('no-last-flag')) return PFC.firstFrag;
  return PFC_WHOLE;
}
