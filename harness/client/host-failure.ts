import { BIND_NAK_REASONS, type ContextResult, type ProtocolErrorDetails } from '../../protocol';
import { limitOfCode, noteLocalLimit } from '../support/local-limits';
import { codeOf, lacksFamily, tellingError } from './connect-errors';
import { type Endpoint, formatEndpoint } from './endpoint';

/** The ways in which a host, or the way to it, can fail. An answer of any kind, a fault too, is no failure but an exchange. */
export type FailureKind =
  | 'refused' // nothing listens there
  | 'unreachable' // no way to the address
  | 'name-not-found' // the name has no address
  | 'local-limit' // this machine is out of ports, sockets or the local address
  | 'closed' // the host ended the connection (FIN) before what was waited for
  | 'reset' // the host cut the connection (RST)
  | 'timed-out' // the deadline passed
  | 'rejected' // bind_nak, or no presentation context was accepted
  | 'garbage' // bytes that are no PDU, or one that does not decode
  | 'unexpected-pdu' // a sound PDU of another kind or call than what was waited for
  | 'interrupted'; // this side gave up: a signal, or its own close

/** What the client was doing. */
export type Stage = 'connect' | 'bind' | 'alter-context' | 'request' | 'answer' | 'close';

/** How a host turned a bind down. */
export interface Rejection {
  /** Reason of the bind_nak, where it was one. */
  readonly bindNak?: number;
  /** Result of each context, where no context was accepted. */
  readonly results?: readonly ContextResult[];
}

/** What a host did instead of answering, and when. */
export interface FailureDetails {
  readonly kind: FailureKind;
  readonly stage: Stage;
  readonly endpoint: Endpoint;
  /** What happened, as a clause that follows the host's address. */
  readonly what: string;
  /** Where bytes do not decode: which field, at which offset. */
  readonly details?: ProtocolErrorDetails;
  readonly rejection?: Rejection;
  /** True where `what` tells what the client was doing. */
  readonly saysWhen?: boolean;
  /** Bytes of a PDU that had begun to come when the connection ended. */
  readonly partialBytes?: number;
  /** PDUs of the stage so far, for reports. */
  readonly sent?: readonly Uint8Array[];
  readonly received?: readonly Uint8Array[];
  readonly cause?: unknown;
}

const DOING: Readonly<Record<Stage, string>> = {
  connect: 'while connecting',
  bind: 'while binding',
  'alter-context': 'while altering the context',
  request: 'while sending the request',
  answer: 'while waiting for the answer',
  close: 'while closing',
};

/** The stage stands beside what happened, before the explanation behind a colon. */
function whatAndWhen({ what, stage, saysWhen }: FailureDetails): string {
  if (saysWhen === true) return what;
  const colon = what.indexOf(': ');
  const aside = what.indexOf('(');
  return colon < 0 || (aside >= 0 && aside < colon)
    ? `${what}, ${DOING[stage]}`
    : `${what.slice(0, colon)} ${DOING[stage]}${what.slice(colon)}`;
}

/** How a host failed, and at which stage. The message is one line that says where, what and when. */
export class HostFailure extends Error {
  readonly kind: FailureKind;
  readonly stage: Stage;
  readonly endpoint: Endpoint;
  readonly details: ProtocolErrorDetails | undefined;
  readonly rejection: Rejection | undefined;
  /** Bytes of a PDU that had begun to come when the connection ended; 0 where it ended between two PDUs. */
  readonly partialBytes: number;
  readonly pdus: { readonly sent: readonly Uint8Array[]; readonly received: readonly Uint8Array[] };
  readonly #given: FailureDetails;

  constructor(given: FailureDetails) {
    super(`${formatEndpoint(given.endpoint)} ${whatAndWhen(given)}`, { cause: given.cause });
    this.name = 'HostFailure';
    this.kind = given.kind;
    this.stage = given.stage;
    this.endpoint = given.endpoint;
    this.details = given.details;
    this.rejection = given.rejection;
    this.partialBytes = given.partialBytes ?? 0;
    this.pdus = { sent: given.sent ?? [], received: given.received ?? [] };
    this.#given = given;
  }

  /** What happened and when, without the host's address. */
  get clause(): string {
    return whatAndWhen(this.#given);
  }

  /** The same failure with what had been sent and received by then. */
  with(changes: Partial<Pick<FailureDetails, 'stage' | 'sent' | 'received' | 'partialBytes'>>): HostFailure {
    return new HostFailure({ ...this.#given, ...changes });
  }
}

/** True where the host cannot be talked to at all, so that going on with other requests makes no sense. */
export function isUnreachable(failure: HostFailure): boolean {
  return failure.stage === 'connect' && failure.kind !== 'interrupted';
}

interface KnownCode {
  readonly kind: FailureKind;
  readonly what: string;
}

const BY_CODE: Readonly<Record<string, KnownCode>> = {
  ECONNREFUSED: { kind: 'refused', what: 'refused the connection: nothing listens there' },
  ENOTFOUND: { kind: 'name-not-found', what: 'has no address: the name is not known' },
  EAI_AGAIN: { kind: 'name-not-found', what: 'has no address: the name server does not answer' },
  ENODATA: { kind: 'name-not-found', what: 'has no address: the name has no A or AAAA record' },
  EHOSTUNREACH: { kind: 'unreachable', what: 'cannot be reached: no route to the host' },
  ENETUNREACH: { kind: 'unreachable', what: 'cannot be reached: no route to the network' },
  EHOSTDOWN: { kind: 'unreachable', what: 'cannot be reached: the host is down' },
  EINVAL: { kind: 'unreachable', what: 'cannot be reached: the address is not valid here' },
  EACCES: { kind: 'unreachable', what: 'cannot be reached: the system does not permit it' },
  EPERM: { kind: 'unreachable', what: 'cannot be reached: the system does not permit it' },
  ETIMEDOUT: { kind: 'timed-out', what: 'did not answer in time' },
  ECONNRESET: { kind: 'reset', what: 'reset the connection' },
  EPIPE: { kind: 'reset', what: 'reset the connection' },
  ECONNABORTED: { kind: 'reset', what: 'reset the connection' },
};

/** What a connection needs of this machine beside what everything does. */
const LIMITS_OF_CONNECTIONS: ReadonlyMap<string, string> = new Map([
  ['EADDRNOTAVAIL', 'no local port or address is left'],
  ['EADDRINUSE', 'the local address is in use'],
]);
const limitOf = (code: string): string | null => LIMITS_OF_CONNECTIONS.get(code) ?? limitOfCode(code);

const NO_IPV6: KnownCode = {
  kind: 'unreachable',
  what: 'cannot be reached: this machine has no IPv6 address',
};

/** Of the host itself: it may be well, and reached from elsewhere or by another address. */
const saysLittle = (code: string): boolean => limitOf(code) !== null || BY_CODE[code]?.kind === 'unreachable';

/** The failure that an error of a socket or of name resolution stands for. */
export function failureOf(error: unknown, stage: Stage, endpoint: Endpoint): HostFailure {
  const telling = tellingError(error, saysLittle);
  const code = codeOf(telling);
  const given = { stage, endpoint, cause: error };
  if (lacksFamily(telling)) return new HostFailure({ ...NO_IPV6, ...given });
  const limit = limitOf(code);
  if (limit !== null) {
    noteLocalLimit(limit);
    return new HostFailure({ kind: 'local-limit', what: `cannot be reached: ${limit}`, ...given });
  }
  const known = BY_CODE[code] ?? {
    kind: stage === 'connect' ? 'unreachable' : 'reset',
    what: `cannot be talked to (${code === '' ? String(error) : code})`,
  };
  return new HostFailure({ ...known, ...given });
}

export function bindNakName(reason: number): string {
  return BIND_NAK_REASONS[reason] ?? `reason ${reason}`;
}
