import {
  faultName,
  formatStatus,
  hresultName,
  type KmsRequestInput,
  type KmsResponse,
  type Mac,
  type ProductKey,
  verifyMac,
} from '../../protocol';
import { type Endpoint, formatEndpoint } from './endpoint';
import { HostFailure, isUnreachable } from './host-failure';
import { KmsClient } from './kms-client';
import type { ConnectionObserver } from './observer';
import type { Clock } from '../support/clock';
import { goodRequest } from './good-request';

/** What came of one good request. */
export type ProbeResult =
  | {
      readonly kind: 'answered';
      readonly latencyMs: number;
      readonly response: KmsResponse;
      /** What of the answer is not as asked: it is for another client, or its MAC does not verify. */
      readonly defects: readonly string[];
    }
  /** An HRESULT, a fault, or a bind that was turned down: it speaks RPC, and does not serve this client. */
  | {
      readonly kind: 'refused';
      readonly latencyMs: number;
      readonly message: string;
      readonly hresult: number | null;
    }
  /** It takes the connection, and what follows is no KMS. */
  | { readonly kind: 'no-kms'; readonly message: string }
  /** No connection, or no answer in time. */
  | { readonly kind: 'unreachable'; readonly message: string };

/** Whom to ask, as whom, and how long to wait (ms). */
export interface AskOptions {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly timeoutMs?: number | undefined;
  readonly sign?: Mac | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly product?: ProductKey | undefined;
  readonly clientMachineId?: string | undefined;
  readonly observer?: ConnectionObserver | undefined;
}

/**
 * Asks a host one good question and says what became of it: one connection, one request, released in the end. Every
 * failure of the host is a result; only an interruption is thrown.
 * @throws HostFailure `interrupted`
 */
export async function ask(options: AskOptions): Promise<ProbeResult> {
  const { endpoint, clock, timeoutMs, sign, signal, product, clientMachineId, observer } = options;
  const client = new KmsClient({
    endpoint,
    clock,
    sign,
    signal,
    observer,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  const started = performance.now();
  try {
    const request = goodRequest({ clock, clientMachineId, ...(product === undefined ? {} : { product }) });
    const { answer } = await client.activate(request);
    const latencyMs = performance.now() - started;
    switch (answer?.kind) {
      case 'response':
        return {
          kind: 'answered',
          latencyMs,
          response: answer.value,
          defects: defectsOf(request, answer.value, answer.bytes, sign),
        };
      case 'refusal': {
        const message = `refuses with ${formatStatus(answer.hresult)} (${hresultName(answer.hresult)})`;
        return { kind: 'refused', latencyMs, message, hresult: answer.hresult };
      }
      case 'fault': {
        const message = `answers with fault ${formatStatus(answer.status)} (${faultName(answer.status)})`;
        return { kind: 'refused', latencyMs, message, hresult: null };
      }
      case 'sealed':
        return { kind: 'no-kms', message: 'answers a version 4 request with a sealed message' };
      case 'malformed':
        return { kind: 'no-kms', message: `sends an answer that does not decode: ${answer.error.path}` };
      case undefined:
        return { kind: 'unreachable', message: 'gives no answer' };
    }
  } catch (error) {
    return failed(error, performance.now() - started, endpoint);
  } finally {
    await client.close();
  }
}

function defectsOf(
  request: KmsRequestInput,
  response: KmsResponse,
  bytes: Uint8Array,
  key: Mac | undefined,
): string[] {
  return [
    ...(response.clientMachineId === request.clientMachineId
      ? []
      : ['answers with the CMID of another client']),
    ...(response.requestTime === request.requestTime ? [] : ['answers with another client time']),
    ...(key === undefined || verifyMac(bytes, key) ? [] : ['signs with another key']),
  ];
}

function failed(error: unknown, latencyMs: number, endpoint: Endpoint): ProbeResult {
  if (!(error instanceof HostFailure) || error.kind === 'interrupted') throw error;
  const message = error.message.replace(`${formatEndpoint(endpoint)} `, '');
  if (isUnreachable(error) || error.kind === 'timed-out') return { kind: 'unreachable', message };
  if (error.kind === 'rejected') return { kind: 'refused', latencyMs, message, hresult: null };
  return { kind: 'no-kms', message };
}
