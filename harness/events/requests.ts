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
} from '../../protocol';
import type { Report } from '../../reports/model';

/** One request that a host should have logged. */
export interface SeenRequest {
  /** Where it was seen: `exchange 3`, or `CNT-01, evidence 2`. */
  readonly where: string;
  readonly request: KmsRequest;
  /** What the host answered: 0, the HRESULT of a refusal, or null where no answer of its own was seen. */
  readonly hresult: number | null;
}

/** Requests of a capture or a report, and how many there were that cannot be compared: sealed or malformed ones. */
export interface SeenRequests {
  readonly requests: readonly SeenRequest[];
  readonly notComparable: number;
}

export async function requestsOfCapture(
  exchanges: AsyncIterable<Exchange> | Iterable<Exchange>,
): Promise<SeenRequests> {
  const requests: SeenRequest[] = [];
  let notComparable = 0;
  for await (const { index, request, answer } of exchanges) {
    if (request.content.kind !== 'clear') notComparable++;
    else
      requests.push({
        where: `exchange ${index}`,
        request: request.content.value,
        hresult: hresultOf(answer),
      });
  }
  return { requests, notComparable };
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
    const pdus = evidence.map(({ hex, connection = 0 }) => ({ connection, pdu: tryDecode(hex) }));
    pdus.forEach(({ pdu, connection }, i) => {
      if (pdu?.kind !== 'request') return;
      const found = readWithAnswer(
        pdu,
        pdus
          .slice(i + 1)
          .filter((later) => later.connection === connection)
          .map((later) => later.pdu),
      );
      if (found === null) notComparable++;
      else requests.push({ ...found, where: `${of}, evidence ${i}` });
    });
  }
  return { requests, notComparable };
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
  pdu: Extract<Pdu, { kind: 'request' }>,
  later: readonly (Pdu | null)[],
): Omit<SeenRequest, 'where'> | null {
  for (const syntax of ['ndr32', 'ndr64'] satisfies TransferSyntax[]) {
    const { content } = readRequest(pdu, syntax);
    if (content.kind !== 'clear') continue;
    const answer = later.find(
      (other) => other?.header.callId === pdu.header.callId && other.kind !== 'request',
    );
    const isAnswer = answer?.kind === 'response' || answer?.kind === 'fault';
    return { request: content.value, hresult: isAnswer ? hresultOf(readAnswer(answer, syntax)) : null };
  }
  return null;
}

/** The machine's name as a log can hold it. */
export const machineName = ({ workstationName }: KmsRequest): string => displayText(workstationName);
