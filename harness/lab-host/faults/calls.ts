import { DREP_BIG_ENDIAN, encodePdu, FAULT, HEADER_SIZE, PFC } from '../../../protocol';
import type { PduInputOf } from '../../../protocol';
import { fault, type Override } from './fault';

const EXTRA_BYTES = 4;

/** Answers each call with another call_id. */
export const withCallId =
  (change: (callId: number, callsBefore: number) => number): Override =>
  ({ answerPdu }) => ({
    answerPdu: (right, call, association) => {
      const answer = answerPdu(right, call, association);
      const callId = change(answer.header?.callId ?? 0, association.callCount);
      return { ...answer, header: { ...answer.header, callId } };
    },
  });

/** Changes the header of responses; faults stay as they are. */
const inHeaders =
  (
    change: (answer: PduInputOf<'response'>) => Partial<NonNullable<PduInputOf<'response'>['header']>>,
  ): Override =>
  ({ answerPdu }) => ({
    answerPdu: (...answered) => {
      const answer = answerPdu(...answered);
      if (answer.kind === 'fault') return answer;
      return { ...answer, header: { ...answer.header, ...change(answer) } };
    },
  });

/** Faults of calls and their answers: ids, lengths, flags, opnums, contexts. */
export const CALL_FAULTS = [
  fault({
    name: 'call-id-of-its-own',
    sentence: 'It numbers calls by itself.',
    requirements: ['RPC-06'],
    override: withCallId((_, callsBefore) => callsBefore + 1),
  }),
  fault({
    name: 'call-id-16-bit',
    sentence: 'It returns the low 16 bits of the call_id.',
    requirements: ['RPC-06'],
    override: withCallId((callId) => callId & 0xffff),
  }),
  fault({
    name: 'call-id-never-zero',
    sentence: 'It answers call_id 0 with 1.',
    requirements: ['RPC-06'],
    override: withCallId((callId) => (callId === 0 ? 1 : callId)),
  }),
  fault({
    name: 'context-id-zero',
    sentence: 'It answers in presentation context 0 always.',
    requirements: ['RPC-07'],
    override: ({ answerPdu }) => ({
      answerPdu: (...answered) => {
        const answer = answerPdu(...answered);
        return { ...answer, body: { ...answer.body, contextId: 0 } } as typeof answer;
      },
    }),
  }),
  fault({
    name: 'no-first-flag',
    sentence: 'It leaves FIRST out of responses.',
    requirements: ['RPC-08'],
    override: inHeaders(() => ({ pfcFlags: PFC.lastFrag })),
  }),
  fault({
    name: 'no-last-flag',
    sentence: 'It leaves LAST out of responses.',
    requirements: ['RPC-08'],
    override: inHeaders(() => ({ pfcFlags: PFC.firstFrag })),
  }),
  fault({
    name: 'declares-big-endian',
    sentence: 'It declares big-endian integers in responses and sends little-endian ones.',
    requirements: ['RPC-17'],
    override: inHeaders(() => ({ drep: DREP_BIG_ENDIAN })),
  }),
  fault({
    name: 'frag-length-of-stub',
    sentence: 'It leaves the header out of frag_length in responses.',
    requirements: ['RPC-08'],
    override: inHeaders((answer) => ({ fragLength: encodePdu(answer).length - HEADER_SIZE })),
  }),
  fault({
    name: 'frag-length-too-long',
    sentence: 'It says four bytes more in frag_length than a response has.',
    requirements: ['RPC-08'],
    override: inHeaders((answer) => ({ fragLength: encodePdu(answer).length + EXTRA_BYTES })),
  }),
  fault({
    name: 'serves-any-opnum',
    sentence: 'It takes every opnum for RequestActivation.',
    requirements: ['RPC-09'],
    override: ({ dispatch }) => ({
      dispatch: (call, syntax) => dispatch({ ...call, body: { ...call.body, opnum: 0 } }, syntax),
    }),
  }),
  fault({
    name: 'wrong-opnum-status',
    sentence: 'It answers an unknown opnum with nca_unk_if.',
    requirements: ['RPC-09'],
    override: ({ dispatch }) => ({
      dispatch: (...call) => {
        const served = dispatch(...call);
        return served === FAULT.opRangeError ? FAULT.unknownInterface : served;
      },
    }),
  }),
  fault({
    name: 'closes-on-unknown-opnum',
    sentence: 'It closes the connection on an unknown opnum.',
    requirements: ['RPC-09'],
    override: ({ dispatch }) => ({
      dispatch: (call, syntax) =>
        syntax !== undefined && call.body.opnum !== 0 ? null : dispatch(call, syntax),
    }),
  }),
  fault({
    name: 'closes-on-unknown-context',
    sentence: 'It closes the connection on a context that was not negotiated.',
    requirements: ['RPC-10'],
    override: ({ dispatch }) => ({
      dispatch: (call, syntax) => (syntax === undefined ? null : dispatch(call, syntax)),
    }),
  }),
  fault({
    name: 'serves-any-context',
    sentence: 'It serves calls in contexts that were not negotiated.',
    requirements: ['RPC-10'],
    override: ({ dispatch }) => ({ dispatch: (call, syntax) => dispatch(call, syntax ?? 'ndr32') }),
  }),
] as const;
