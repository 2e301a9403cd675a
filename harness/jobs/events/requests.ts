import {
  decodePdu,
  displayText,
  type Exchange,
  type KmsRequest,
  type Pdu,
  ProtocolError,
  readAnswer,
  readRequest,
  type TransferSyntax,
  unixMsFromFiletime,
} from '../../../protocol';
import type { Report } from '../../../reports/results/model';

/** One request that a host should have logged: what a log can hold of it. */
export interface SeenRequest {
  /** Where it was seen: `exchange 3`, or `CNT-01, evidence 2`. */
  readonly where: string;
  /** What the host answered: 0, the HRESULT of a refusal, or null where no answer of its own was seen. */
  readonly hresult: number | null;
  readonly requiredClientCount: number;
  readonly workstationName: string;
  readonly clientMachineId: string;
  /** The client's clock: FILETIME, UTC. */
  readonly requestTime: bigint;
  /** The same in minutes since 1970, rounded down, as logs have it. */
  readonly minute: number;
  /** When it was captured, in minutes since 1970 UTC; null where the source does not tell. */
  readonly capturedMinute: number | null;
  readonly isVirtualMachine: number;
  readonly licenseStatus: number;
  readonly bindingExpirationMinutes: number;
  readonly skuId: string;
}

/** Requests of a capture or a report, and how many there were that cannot be compared: sealed or malformed ones. */
export interface SeenRequests {
  readonly requests: readonly SeenRequest[];
  readonly notComparable: number;
}

/** The requests among exchanges of a capture that an event log can be held against; sealed and malformed ones are counted only. */
export async function requestsOfCapture(
  exchanges: AsyncIterable<Exchange> | Iterable<Exchange>,
): Promise<SeenRequests> {
  const requests: SeenRequest[] = [];
  let notComparable = 0;
  for await (const { index, request, answer, requestedAt } of exchanges) {
    if (request.content.kind !== 'clear') {
      notComparable++;
      continue;
    }
    const capturedMinute = Math.floor(Number(requestedAt / 1_000_000n) / 60_000);
    requests.push(seenRequest(`exchange ${index}`, request.content.value, hresultOf(answer), capturedMinute));
  }
  return { requests, notComparable };
}

/** A copy of what is compared: the request itself would keep the pieces of the capture that it was read from. */
function seenRequest(
  where: string,
  request: KmsRequest,
  hresult: number | null,
  capturedMinute: number | null,
): SeenRequest {
  const { requiredClientCount, clientMachineId, requestTime, isVirtualMachine, licenseStatus } = request;
  return {
    where,
    hresult,
    requiredClientCount,
    workstationName: displayText(request.workstationName).trim(),
    clientMachineId,
    requestTime,
    minute: Math.floor(unixMsFromFiletime(requestTime) / 60_000),
    capturedMinute,
    isVirtualMachine,
    licenseStatus,
    bindingExpirationMinutes: request.bindingExpirationMinutes,
    skuId: request.skuId,
  };
}

function hresultOf(answer: Exchange['answer']): number | null {
  if (answer?.kind === 'response') return 0;
  return answer?.kind === 'refusal' ? answer.hresult : null;
}

/** Requests in the evidence that a report keeps: of failed results, findings and replayed exchanges. */
export function requestsOfReport(report: Report): SeenRequests {
  const kept = [
    ...report.results.map(({ id, evidence }) => ({ of: id, evidence })),
    ...(report.findings ?? []).map(({ id, evidence }) => ({ of: `finding ${id}`, evidence })),
    ...(report.replay?.exchanges ?? []).map(({ index, evidence }) => ({ of: `exchange ${index}`, evidence })),
  ];
  const requests: SeenRequest[] = [];
  let notComparable = 0;
  for (const { of, evidence = [] } of kept) {
    const answers = new AnswersByCall();
    // From the end: the answer of a call is the first one behind it.
    const found = evidence.map(({ hex, connection = 0 }) => ({ connection, pdu: tryDecode(hex) }));
    const seen: SeenRequest[] = [];
    for (let i = found.length - 1; i >= 0; i--) {
      const { connection, pdu } = found[i]!;
      if (pdu === null) continue;
      if (pdu.kind !== 'request') {
        answers.put(connection, pdu);
        continue;
      }
      const request = readWithAnswer(`${of}, evidence ${i}`, pdu, answers.of(connection, pdu));
      if (request === null) notComparable++;
      else seen.push(request);
    }
    for (const request of seen.reverse()) requests.push(request);
  }
  return { requests, notComparable };
}

/** The nearest later answer of each call. */
class AnswersByCall {
  readonly #answers = new Map<string, Pdu>();

  put(connection: number, pdu: Pdu): void {
    this.#answers.set(`${connection} ${pdu.header.callId}`, pdu);
  }

  of(connection: number, pdu: Pdu): Pdu | undefined {
    return this.#answers.get(`${connection} ${pdu.header.callId}`);
  }
}

function tryDecode(hex: string): Pdu | null {
  try {
    return decodePdu(Buffer.from(hex, 'hex'));
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** Evidence does not say the transfer syntax: it is the one in which the request decodes. */
function readWithAnswer(
  where: string,
  pdu: Extract<Pdu, { kind: 'request' }>,
  answer: Pdu | undefined,
): SeenRequest | null {
  for (const syntax of ['ndr32', 'ndr64'] satisfies TransferSyntax[]) {
    const { content } = readRequest(pdu, syntax);
    if (content.kind !== 'clear') continue;
    const isAnswer = answer?.kind === 'response' || answer?.kind === 'fault';
    const hresult = isAnswer ? hresultOf(readAnswer(answer, syntax)) : null;
    return seenRequest(where, content.value, hresult, null);
  }
  return null;
}
