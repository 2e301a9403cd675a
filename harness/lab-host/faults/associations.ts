import { HEADER_SIZE, PFC_WHOLE } from '../../../protocol';
import { fault } from './fault';

const RPC_VERSION = 5;
const LARGEST_LIMIT = 0xffff;

/** Faults of an association over several calls, of alter_context, and of how bytes become calls. */
export const ASSOCIATION_FAULTS = [
  fault({
    name: 'one-call-then-deaf',
    sentence: 'It does not answer a second call on an association.',
    requirements: ['RPC-11'],
    override: ({ call }) => ({
      call: (asked, association) => (association.callCount > 0 ? 'deaf' : call(asked, association)),
    }),
  }),
  fault({
    name: 'resets-second-call',
    sentence: 'It resets the connection on the second call.',
    requirements: ['RPC-11'],
    override: ({ call }) => ({
      call: (asked, association) => (association.callCount > 0 ? 'reset' : call(asked, association)),
    }),
  }),
  fault({
    name: 'deaf-after-fault',
    sentence: 'It does not answer on an association that had a fault.',
    requirements: ['RPC-12'],
    override: ({ call }) => ({
      call: (asked, association) => (association.hadFault ? 'deaf' : call(asked, association)),
    }),
  }),
  fault({
    name: 'dies-of-its-fault',
    sentence: 'It dies of the call that follows a fault.',
    requirements: ['RPC-12'],
    override: ({ call }, { die }) => ({
      call: (asked, association) => (association.hadFault ? die() : call(asked, association)),
    }),
  }),
  fault({
    name: 'no-alter-context',
    sentence: 'It closes the connection on alter_context.',
    requirements: ['RPC-13'],
    override: ({ negotiate }) => ({
      negotiate: (contexts, state, kind) =>
        kind === 'alterContextResp' ? null : negotiate(contexts, state, kind),
    }),
  }),
  fault({
    name: 'forgets-altered-context',
    sentence: 'It grants what alter_context asks for, and forgets it.',
    requirements: ['RPC-13'],
    override: ({ negotiate }) => ({
      negotiate: (contexts, state, kind) => {
        const right = negotiate(contexts, state, kind);
        return right === null || kind === 'bindAck' ? right : { ...right, accepted: new Map() };
      },
    }),
  }),
  fault({
    name: 'fragments-are-calls',
    sentence: 'It takes each fragment for a whole call.',
    requirements: ['RPC-14'],
    override: () => ({ join: (_, pdu) => ({ whole: pdu }) }),
  }),
  fault({
    name: 'joins-first-and-last',
    sentence: 'It loses the fragments between the first and the last.',
    requirements: ['RPC-14'],
    override: ({ join }) => ({
      join: (joiner, pdu) => ((pdu.header.pfcFlags & PFC_WHOLE) === 0 ? null : join(joiner, pdu)),
    }),
  }),
  fault({
    name: 'one-read-one-pdu',
    sentence: 'It takes what one read returns for one PDU.',
    requirements: ['RPC-15'],
    override: ({ split }) => ({
      split: (stream, bytes) =>
        bytes.length >= HEADER_SIZE && bytes[0] === RPC_VERSION ? [bytes] : split(stream, bytes),
    }),
  }),
  fault({
    name: 'first-pdu-of-read',
    sentence: 'It handles the first PDU of a read and drops the rest.',
    requirements: ['RPC-16'],
    override: ({ split }) => ({ split: (...read) => split(...read).slice(0, 1) }),
  }),
  fault({
    name: 'raises-fragment-limits',
    sentence: 'It answers a bind with limits larger than were offered.',
    requirements: ['RPC-21'],
    override: ({ acknowledge }) => ({
      acknowledge: (...ack) => ({
        ...acknowledge(...ack),
        maxXmitFrag: LARGEST_LIMIT,
        maxRecvFrag: LARGEST_LIMIT,
      }),
    }),
  }),
] as const;
