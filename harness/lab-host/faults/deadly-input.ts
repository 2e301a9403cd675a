import { displayText, filetimeFromUnixMs, PFC, type PduOf, PTYPE, REQUEST_SIZE } from '../../../protocol';
import type { Malformed } from '../hooks/rpc-hooks';
import { fault, type Override } from './fault';
import {
  dyingOfMalformed,
  dyingOfMessage,
  dyingOfRequest,
  hangingOnMalformed,
  hangingOnRequest,
} from './overrides';
import { stubLengths } from './stubs';

/** Later than this, a date is beyond what a host reckons with: the year 9999. */
const LATE = filetimeFromUnixMs(Date.UTC(9999, 11, 31));
/** Bytes of stub, in all fragments of a call, at which its buffer ends. */
const ROOM = 1 << 16;
const HALF_OF_ALL = 0x8000_0000;
/** An unpaired surrogate: one half without the other. */
const UNPAIRED = /\p{Surrogate}/u;

const dyingOfStub =
  (isMet: (length: number) => boolean): Override =>
  ({ readStub }, { die }) => ({
    readStub: (stub, encoding) =>
      stubLengths(stub, encoding)?.some(isMet) ? die() : readStub(stub, encoding),
  });

/** A bind whose body cannot be read for want of what it says it has; `of` tells what is missing. */
const isCutBind = (problem: Malformed, of: 'transferSyntaxes' | 'contexts'): boolean =>
  problem.kind === 'pdu' &&
  problem.bytes[2] === PTYPE.bind &&
  problem.error.path.includes('transferSyntaxes') === (of === 'transferSyntaxes');

/** Faults of a host that meets input it did not expect. "Dies" is the death of the process, until it is restarted. */
export const DEADLY_INPUT_FAULTS = [
  fault({
    name: 'dies-of-garbage',
    sentence: 'It dies of bytes that are no PDU.',
    requirements: ['ROB-01'],
    override: dyingOfMalformed(
      (problem) => problem.kind === 'stream' && problem.error.path === 'rpc.header.rpcVers',
    ),
  }),
  fault({
    name: 'hangs-on-frag-length-zero',
    sentence: 'It loops for ever over a PDU of length 0.',
    requirements: ['ROB-03'],
    override: hangingOnMalformed(
      (problem) =>
        problem.kind === 'stream' &&
        problem.error.path === 'rpc.header.fragLength' &&
        problem.error.actual === '0',
    ),
  }),
  fault({
    name: 'dies-of-auth-length',
    sentence: 'It dies of an auth_length beyond the PDU.',
    requirements: ['ROB-03'],
    override: dyingOfMalformed(
      (problem) => problem.kind === 'pdu' && problem.error.path === 'rpc.header.authLength',
    ),
  }),
  fault({
    name: 'dies-of-unknown-ptype',
    sentence: 'It dies of a PTYPE that it does not know.',
    requirements: ['ROB-03'],
    override: dyingOfMalformed(({ kind }) => kind === 'ptype'),
  }),
  fault({
    name: 'dies-of-endless-fragments',
    sentence: 'It dies of fragments that never end.',
    requirements: ['ROB-04'],
    override: ({ join }, { die }) => ({
      join: (joiner, pdu) => (joiner.size + pdu.body.stub.length > ROOM ? die() : join(joiner, pdu)),
    }),
  }),
  fault({
    name: 'dies-of-last-without-first',
    sentence: 'It dies of a last fragment without a first.',
    requirements: ['ROB-04'],
    override: ({ join }, { die }) => ({
      join: (joiner, pdu) => (isFirst(pdu) || joiner.pending ? join(joiner, pdu) : die()),
    }),
  }),
  fault({
    name: 'dies-of-context-count',
    sentence: 'It dies of a bind that claims more contexts than it has.',
    requirements: ['ROB-05'],
    override: dyingOfMalformed((problem) => isCutBind(problem, 'contexts')),
  }),
  fault({
    name: 'hangs-on-syntax-count',
    sentence: 'It loops over transfer syntaxes that are not there.',
    requirements: ['ROB-05'],
    override: hangingOnMalformed((problem) => isCutBind(problem, 'transferSyntaxes')),
  }),
  fault({
    name: 'dies-of-huge-stub-size',
    sentence: 'It dies of a stub that claims 2 GiB or more.',
    requirements: ['ROB-06'],
    override: dyingOfStub((length) => length >= HALF_OF_ALL),
  }),
  fault({
    name: 'dies-of-empty-stub-size',
    sentence: 'It dies of a stub that claims 0 bytes.',
    requirements: ['ROB-06'],
    override: dyingOfStub((length) => length === 0),
  }),
  fault({
    name: 'dies-of-short-message',
    sentence: 'It dies of a request message that is cut.',
    requirements: ['ROB-07'],
    override: dyingOfMessage(({ length }) => length < REQUEST_SIZE),
  }),
  fault({
    name: 'dies-of-version-zero',
    sentence: 'It dies of version 0.0.',
    requirements: ['ROB-08'],
    override: dyingOfMessage(
      (message) => message.length >= 4 && message.subarray(0, 4).every((octet) => octet === 0),
    ),
  }),
  fault({
    name: 'dies-of-unterminated-name',
    sentence: 'It reads on behind a name without NUL, and dies.',
    requirements: ['ROB-09'],
    override: dyingOfRequest(({ workstationName }) => typeof workstationName !== 'string'),
  }),
  fault({
    name: 'dies-of-surrogates',
    sentence: 'It dies of a name with an unpaired surrogate.',
    requirements: ['ROB-09'],
    override: dyingOfRequest(({ workstationName }) => UNPAIRED.test(displayText(workstationName))),
  }),
  fault({
    name: 'dies-of-required-count-zero',
    sentence: 'It divides by N_Policy.',
    requirements: ['ROB-10'],
    override: dyingOfRequest(({ requiredClientCount }) => requiredClientCount === 0),
  }),
  fault({
    name: 'dies-of-huge-required-count',
    sentence: 'It makes room for 2^31 machines, and dies.',
    requirements: ['ROB-10', 'CACHE-11'],
    override: dyingOfRequest(({ requiredClientCount }) => requiredClientCount >= HALF_OF_ALL),
  }),
  fault({
    name: 'dies-of-time-zero',
    sentence: 'It dies of a client time of 0.',
    requirements: ['ROB-11'],
    override: dyingOfRequest(({ requestTime }) => requestTime === 0n),
  }),
  fault({
    name: 'hangs-on-late-time',
    sentence: 'It loops from its own year to that of the client.',
    requirements: ['ROB-11'],
    override: hangingOnRequest(({ requestTime }) => requestTime > LATE),
  }),
] as const;

const isFirst = ({ header }: PduOf<'request'>): boolean => (header.pfcFlags & PFC.firstFrag) !== 0;
