import {
  type Exchange,
  faultName,
  formatStatus,
  hex,
  hresultName,
  type Json,
  kmsRequest,
  kmsResponse,
  type ProtocolErrorDetails,
  sealedMessage,
  type Sighting,
  toJson,
} from '../protocol';
import type { Attempt } from './attempts/attempt';
import { attemptToJson } from './format-attempts';
import { formatTime, isSealed, latencyMs } from './exchange-summary';
import type { CaptureReport } from './read-exchanges';

/** Name and version of the JSON that {@link exchangesToJson} gives. */
export const EXCHANGES_SCHEMA = 'kmsspec.exchanges/1';

/** A capture's exchanges as `kmsspec inspect --json` prints them; 64-bit values are strings. */
export function exchangesToJson(
  report: CaptureReport,
  exchanges: Iterable<Exchange>,
  attempts: Iterable<Attempt> = [],
): { [name: string]: Json } {
  return {
    schema: EXCHANGES_SCHEMA,
    capture: captureToJson(report),
    exchanges: Array.from(exchanges, exchangeToJson),
    attempts: Array.from(attempts, attemptToJson),
  };
}

/** What the JSON says of the capture itself: file, format, packets, and warnings with offsets in bytes. */
export function captureToJson({ file, format, packets, warnings }: CaptureReport): { [name: string]: Json } {
  return { file, format, packets, warnings: warnings.map(({ offset, message }) => ({ offset, message })) };
}

/**
 * One exchange. `response`, `refusal` and `fault` exclude each other; all are null where there is no answer, or none that decodes: then
 * `malformed` says why, as it does for a request that does not decode.
 */
export function exchangeToJson(exchange: Exchange): { [name: string]: Json } {
  const { answer, request } = exchange;
  return {
    index: exchange.index,
    stream: exchange.connection,
    at: formatTime(exchange.requestedAt),
    latencyMs: latencyMs(exchange),
    client: exchange.client,
    host: exchange.host,
    transferSyntax: exchange.transferSyntax,
    sealed: isSealed(exchange),
    request: requestToJson(exchange),
    response: responseToJson(exchange),
    refusal:
      answer?.kind === 'refusal'
        ? { hresult: formatStatus(answer.hresult), name: hresultName(answer.hresult) }
        : null,
    fault:
      answer?.kind === 'fault'
        ? { status: formatStatus(answer.status), name: faultName(answer.status) }
        : null,
    malformed:
      answer?.kind === 'malformed'
        ? { message: 'answer', ...errorToJson(answer.error), hex: hex(answer.bytes) }
        : request.content.kind === 'malformed'
          ? { message: 'request', ...errorToJson(request.content.error), hex: hex(request.bytes) }
          : null,
    ...(exchange.sightings === undefined ? {} : { sightings: exchange.sightings.map(sightingToJson) }),
  };
}

function sightingToJson({ connection, client, host, requestedAt, answeredAt }: Sighting): Json {
  const answered = answeredAt === null ? null : formatTime(answeredAt);
  return { stream: connection, at: formatTime(requestedAt), answeredAt: answered, client, host };
}

function requestToJson({ request: { content } }: Exchange): Json {
  switch (content.kind) {
    case 'clear':
      return toJson(kmsRequest, content.value);
    case 'sealed':
      return toJson(sealedMessage, content.value);
    case 'malformed':
      return null;
  }
}

function responseToJson({ answer }: Exchange): Json {
  if (answer?.kind === 'response') return toJson(kmsResponse, answer.value);
  return answer?.kind === 'sealed' ? toJson(sealedMessage, answer.value) : null;
}

function errorToJson({ code, path, offset, expected, actual }: ProtocolErrorDetails): {
  [name: string]: Json;
} {
  return { code, path, offset, expected, actual };
}
