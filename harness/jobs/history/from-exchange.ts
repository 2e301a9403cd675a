import type { Exchange } from '../../../protocol';
import type { HistoryRequest } from '../../model/history/history';

/**
 * What an exchange is to a history; null for a request that did not bear on the count: it was refused, or nobody can read what was asked or
 * answered (5.0 and 6.0, malformed).
 */
export function historyRequestOf(exchange: Exchange): HistoryRequest | null {
  const { request, answer, requestedAt, answeredAt } = exchange;
  const { content } = request;
  if (content.kind !== 'clear') return null;
  if (answer !== null && answer.kind !== 'response') return null;
  const { applicationId, clientMachineId, requiredClientCount, isVirtualMachine } = content.value;
  const isAnswered = answer !== null && answeredAt !== null;
  return {
    kind: 'request',
    startMs: milliseconds(requestedAt),
    endMs: isAnswered ? Math.max(milliseconds(requestedAt), milliseconds(answeredAt)) : Infinity,
    applicationId,
    clientMachineId,
    requiredClientCount,
    isVirtualMachine: isVirtualMachine !== 0,
    count: isAnswered ? answer.value.currentClientCount : null,
  };
}

/** Ms since 1970, to the microsecond. */
const milliseconds = (ns: bigint): number => Number(ns / 1000n) / 1000;
