import { type Pdu, type PduOf, readAnswer, type TransferSyntax } from '../../protocol';

/** Calls that were sent before the first was answered, and what came back. */
export interface Pipelined {
  /** The ClientTime of each call, by its call_id. */
  readonly sent: Map<number, bigint>;
  readonly answers: readonly PipelinedAnswer[];
}

export interface PipelinedAnswer {
  readonly callId: number;
  /** `response`, `refusal`, `fault`, or what came in place of an answer. */
  readonly kind: string;
  /** The ClientTime that a response returns. */
  readonly requestTime: bigint | null;
}

export function pipelinedAnswer(pdu: Pdu, syntax: TransferSyntax): PipelinedAnswer {
  const { callId } = pdu.header;
  if (pdu.kind !== 'response' && pdu.kind !== 'fault') return { callId, kind: pdu.kind, requestTime: null };
  const answer = readAnswer(pdu satisfies PduOf<'response'> | PduOf<'fault'>, syntax);
  const requestTime = answer.kind === 'response' ? answer.value.requestTime : null;
  return { callId, kind: answer.kind, requestTime };
}
