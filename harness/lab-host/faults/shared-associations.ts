import { callIdAt, FAULT, PTYPE, type TransferSyntax } from '../../../protocol';
import type { AssociationHistory } from '../hooks/rpc-hooks';
import { withCallId } from './calls';
import { fault } from './fault';

const ACCESS_VIOLATION = 0xc0000005;
const SMALL_BUFFER = 1000;
const MEMORY = 8 << 20;
const NDR32_LENGTHS = 8;

/** Faults of what associations share, of contexts that are added, of calls that come together or never end. */
export const SHARED_ASSOCIATION_FAULTS = [
  fault({
    name: 'reads-first-syntax-only',
    sentence: 'It looks at the first transfer syntax of a context and no further.',
    requirements: ['RPC-23'],
    override: ({ negotiate }) => ({
      negotiate: (contexts, ...rest) =>
        negotiate(
          contexts.map((one) => ({ ...one, transferSyntaxes: one.transferSyntaxes.slice(0, 1) })),
          ...rest,
        ),
    }),
  }),
  fault({
    name: 'alter-replaces-contexts',
    sentence: 'It forgets the contexts of before when alter_context adds one.',
    requirements: ['RPC-24'],
    override: ({ grantContexts }) => ({
      grantContexts: (granted, ...rest) => {
        granted.clear();
        grantContexts(granted, ...rest);
      },
    }),
  }),
  fault({
    name: 'ignores-credentials',
    sentence: 'It takes a bind with any credentials for one without.',
    requirements: ['RPC-25'],
    override: () => ({ refuseCredentials: () => null }),
  }),
  fault({
    name: 'forgets-its-groups',
    sentence: 'It names another association group than the one that it keeps.',
    requirements: ['RPC-26'],
    override: ({ acknowledge }) => ({
      acknowledge: (...ack) => {
        const right = acknowledge(...ack);
        return { ...right, assocGroupId: (right.assocGroupId ^ 0x40000000) >>> 0 };
      },
    }),
  }),
  fault({
    name: 'shares-contexts',
    sentence: 'It serves calls in every context that any connection has negotiated.',
    requirements: ['RPC-27'],
    override: ({ grantContexts, dispatch }) => {
      const ofAll = new Map<number, TransferSyntax>();
      return {
        grantContexts: (granted, accepted, kind) => {
          for (const [contextId, syntax] of accepted) ofAll.set(contextId, syntax);
          grantContexts(granted, accepted, kind);
        },
        dispatch: (call, syntax) => dispatch(call, syntax ?? ofAll.get(call.body.contextId)),
      };
    },
  }),
  fault({
    name: 'mixes-calls-of-one-read',
    sentence: 'It answers calls that come in one read with each other’s call_id.',
    requirements: ['RPC-28'],
    override: (right, host) => {
      let waiting: number[] = [];
      const mixed = withCallId((callId) => waiting.pop() ?? callId)(right, host);
      return {
        ...mixed,
        split: (...read) => {
          const pdus = right.split(...read);
          waiting = pdus.filter((pdu) => pdu[2] === PTYPE.request).map((pdu) => callIdAt(pdu));
          return pdus;
        },
      };
    },
  }),
  fault({
    name: 'access-violation-on-unknown-context',
    sentence: 'It faults a call in an unknown context with STATUS_ACCESS_VIOLATION.',
    requirements: ['RPC-29'],
    override: ({ dispatch }) => ({
      dispatch: (...call) => {
        const served = dispatch(...call);
        return served === FAULT.unknownInterface ? ACCESS_VIOLATION : served;
      },
    }),
  }),
  fault({
    name: 'deaf-after-orphaned',
    sentence: 'It answers nothing on a connection that sent orphaned.',
    requirements: ['RPC-30'],
    override: ({ orphaned, call }) => {
      const gaveUp = new WeakSet<AssociationHistory>();
      return {
        orphaned: (association, joiner) => {
          gaveUp.add(association);
          orphaned(association, joiner);
        },
        call: (asked, association) => (gaveUp.has(association) ? 'deaf' : call(asked, association)),
      };
    },
  }),
  fault({
    name: 'reads-behind-the-stub',
    sentence: 'It refuses a stub that has octets behind it.',
    requirements: ['RPC-31'],
    override: ({ readStub }) => ({
      readStub: (stub, encoding) => {
        const message = readStub(stub, encoding);
        const lengths = (NDR32_LENGTHS * encoding.ndrWidth) / 4;
        return message !== null && stub.length > lengths + message.length ? null : message;
      },
    }),
  }),
  fault({
    name: 'small-call-buffer',
    sentence: 'It resets the connection on a call of more than 1,000 bytes.',
    requirements: ['RPC-32'],
    override: ({ call }) => ({
      call: (asked, association) =>
        asked.body.stub.length > SMALL_BUFFER ? 'reset' : call(asked, association),
    }),
  }),
  fault({
    name: 'keeps-every-fragment',
    sentence: 'It keeps the fragments of calls that never end, and dies with 8 MiB of them.',
    requirements: ['RPC-33'],
    override: ({ join }, { die }) => {
      let kept = 0;
      return {
        join: (joiner, pdu) => {
          const assembled = join(joiner, pdu);
          if (assembled === null) kept += pdu.body.stub.length;
          return kept > MEMORY ? die() : assembled;
        },
      };
    },
  }),
] as const;
