import {
  type Answer,
  type Exchange,
  faultName,
  formatStatus,
  hresultName,
  type KmsResponse,
  undecodableInWords,
} from '../../../../protocol';
import { HostFailure } from '../../../client';

/** What came back to one request, as scenarios see it. */
export type Reply = Granted | NotGrantedReply;

export interface Granted {
  readonly kind: 'granted';
  /** The Count that the host answered. */
  readonly count: number;
  readonly response: KmsResponse;
  /** The response message. */
  readonly bytes: Uint8Array;
  readonly exchange: Exchange;
  readonly latencyMs: number;
}

export interface NotGrantedReply {
  readonly kind: 'refused' | 'fault' | 'sealed' | 'malformed';
  /** HRESULT or fault status; 0 where there is none. */
  readonly status: number;
  readonly answer: Answer;
  readonly exchange: Exchange;
  readonly latencyMs: number;
}

/** What a host did with something that it may well not answer. */
export type Reaction = Reply | Nothing;

export interface Nothing {
  readonly kind: 'nothing';
  readonly failure: HostFailure;
}

const KINDS = { refusal: 'refused', fault: 'fault', sealed: 'sealed', malformed: 'malformed' } as const;

export function replyOf(exchange: Exchange): Reply {
  const answer = exchange.answer!;
  const latencyMs = Number(exchange.answeredAt! - exchange.requestedAt) / 1e6;
  if (answer.kind === 'response') {
    const { value, bytes } = answer;
    return { kind: 'granted', count: value.currentClientCount, response: value, bytes, exchange, latencyMs };
  }
  const status = answer.kind === 'refusal' ? answer.hresult : answer.kind === 'fault' ? answer.status : 0;
  return { kind: KINDS[answer.kind], status, answer, exchange, latencyMs };
}

/** A reply in a few words: `a response with the count 4`, `the refusal 0xC004F042 (…)`. */
export function describeReply(reply: Reaction): string {
  switch (reply.kind) {
    case 'granted':
      return `a response with the count ${reply.count}`;
    case 'refused':
      return `the refusal ${formatStatus(reply.status)} (${hresultName(reply.status)})`;
    case 'fault':
      return `the fault ${formatStatus(reply.status)} (${faultName(reply.status)})`;
    case 'sealed':
      return 'a sealed response';
    case 'malformed':
      return `an answer that does not decode (${malformation(reply.answer)})`;
    case 'nothing':
      return `no answer: the host ${reply.failure.clause}`;
  }
}

function malformation(answer: Answer): string {
  if (answer.kind !== 'malformed') return answer.kind;
  return undecodableInWords(answer.error);
}

/** A request that must be granted was answered with something else. */
export class NotGranted extends Error {
  readonly expected = 'a response with a count';
  readonly actual: string;

  constructor(readonly reply: NotGrantedReply) {
    super(`expected a response with a count, received ${describeReply(reply)}`);
    this.name = 'NotGranted';
    this.actual = describeReply(reply);
  }
}

/** @throws NotGranted where the reply is no count */
export function granted(reply: Reply): Granted {
  if (reply.kind === 'granted') return reply;
  throw new NotGranted(reply);
}

/** The reaction that a failure stands for. @throws the error where it is none of the host's */
export function nothingFrom(error: unknown): Nothing {
  if (error instanceof HostFailure && error.kind !== 'interrupted')
    return { kind: 'nothing', failure: error };
  throw error;
}
