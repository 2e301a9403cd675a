/** Record types that discovery asks for. */
export type LookupType = 'SRV' | 'A' | 'AAAA' | 'CNAME';

/** Why a DNS question got no usable answer. Stable: verdicts, reports and tests rely on these words. */
export type LookupFailureKind =
  | 'refused' // REFUSED
  | 'server-failure' // SERVFAIL, and response codes without a word of their own
  | 'not-implemented' // NOTIMP
  | 'format-error' // FORMERR
  | 'not-authoritative' // NOTAUTH, NOTZONE
  | 'referral' // it names other servers, and does not ask them
  | 'timed-out'
  | 'unreachable' // nothing listens there, or no way to it
  | 'bad-answer' // what came is no DNS message, or none that answers this
  | 'truncated' // the answer was cut, and there was none over TCP
  | 'alias-loop' // aliases that lead back, or on without end
  | 'bad-name'; // a name that DNS cannot ask for

interface Answered {
  /** Names that the name stood for, one after the other; the last has the records. */
  readonly aliases: readonly string[];
}

export interface Found<T> extends Answered {
  readonly kind: 'found';
  readonly records: readonly T[];
  /** Records in the answer that belong to other names: they are not taken. */
  readonly foreign: number;
}

export interface None extends Answered {
  readonly kind: 'none';
  readonly why: 'no-such-name' | 'no-records';
}

/** It is not known whether there are records. */
export interface Failed<T = unknown> extends Answered {
  readonly kind: 'failed';
  readonly how: LookupFailureKind;
  /** `address:port` of the server, or `the system's DNS servers`. */
  readonly server: string;
  /** The name that was asked for. */
  readonly name: string;
  readonly type: LookupType;
  /** How it failed, as a clause. */
  readonly problem: string;
  /** Records that came all the same: what fitted into a cut answer. */
  readonly partial: readonly T[];
}

/** What became of one lookup. A server that fails is an outcome like others: nothing is thrown. */
export type Outcome<T> = Found<T> | None | Failed<T>;

/** Records that came, whole or in part. */
export function recordsOf<T>(outcome: Outcome<T>): readonly T[] {
  switch (outcome.kind) {
    case 'found':
      return outcome.records;
    case 'none':
      return [];
    case 'failed':
      return outcome.partial;
  }
}

/** One line: what was asked, of which server, and what came of it. */
export const describeFailure = ({ how, server, name, type, problem }: Failed): string =>
  `DNS ${type} ${name}, asked of ${server}: ${problem} (${how})`;
