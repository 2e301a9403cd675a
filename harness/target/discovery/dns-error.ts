/** Why a dynamic update, or the search for its zone, got no usable answer. */
export type DnsErrorCode =
  | 'no-such-name' // NXDOMAIN
  | 'no-records' // the name exists, without records of that type
  | 'refused' // the server refuses to answer, or to update
  | 'server-failure' // SERVFAIL and other error codes
  | 'timed-out'
  | 'unreachable' // nothing listens there, or no way to it
  | 'bad-answer'; // what came is no DNS message, or none that answers this

/** What went wrong with DNS, and what was asked. */
export interface DnsErrorDetails {
  readonly code: DnsErrorCode;
  /** The name that was asked for or updated. */
  readonly name: string;
  /** Record type, or `update`. */
  readonly what: string;
  /** `address:port` of the server, or `the system's DNS servers`. */
  readonly server: string;
  readonly problem: string;
}

/** A DNS server did not help. The message says which, asked for what, and what came of it. */
export class DnsError extends Error {
  readonly code: DnsErrorCode;
  // `name` is Error's own and stays the class.
  readonly question: string;
  readonly what: string;
  readonly server: string;
  readonly problem: string;

  constructor({ code, name, what, server, problem }: DnsErrorDetails, options?: ErrorOptions) {
    super(`DNS ${what} ${name}, asked of ${server}: ${problem} (${code})`, options);
    this.name = 'DnsError';
    this.code = code;
    this.question = name;
    this.what = what;
    this.server = server;
    this.problem = problem;
  }
}

const BY_NODE_CODE: Readonly<Record<string, readonly [DnsErrorCode, string]>> = {
  ENOTFOUND: ['no-such-name', 'there is no such name'],
  ENODATA: ['no-records', 'the name has no such record'],
  EREFUSED: ['refused', 'the server refuses to answer'],
  ESERVFAIL: ['server-failure', 'the server failed'],
  EFORMERR: ['server-failure', 'the server does not understand the question'],
  ENOTIMP: ['server-failure', 'the server does not do that'],
  ETIMEOUT: ['timed-out', 'no answer in time'],
  ECONNREFUSED: ['unreachable', 'nothing answers there'],
  EBADRESP: ['bad-answer', 'the answer is no DNS message'],
  EBADNAME: ['bad-answer', 'that is no domain name'],
};

/** The typed error for one of node:dns. */
export function dnsErrorOf(error: unknown, name: string, what: string, server: string): DnsError {
  const nodeCode = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [code, problem] = BY_NODE_CODE[nodeCode] ?? [
    'server-failure',
    nodeCode === '' ? String(error) : nodeCode,
  ];
  return new DnsError({ code, name, what, server, problem }, { cause: error });
}
