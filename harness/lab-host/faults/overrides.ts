import type { KmsRequest, KmsResponseInput } from '../../../protocol';
import type { Malformed } from '../hooks/rpc-hooks';
import type { Override } from './fault';

/** Overrides that several faults have in common. */

/** Changes fields of every response. */
export const inResponses =
  (change: (right: KmsResponseInput, request: KmsRequest) => Partial<KmsResponseInput>): Override =>
  ({ respond }) => ({
    respond: (right, request) => {
      const response = respond(right, request);
      return { ...response, ...change(response, request) };
    },
  });

/** Answers such requests with this HRESULT, before it looks at anything else. */
export const refusing =
  (hresult: number, isMet: (request: KmsRequest) => boolean): Override =>
  ({ decide }) => ({
    decide: (request, ...rest) => (isMet(request) ? hresult : decide(request, ...rest)),
  });

export const dyingOfRequest =
  (isMet: (request: KmsRequest) => boolean): Override =>
  ({ decide }, { die }) => ({
    decide: (request, ...rest) => (isMet(request) ? die() : decide(request, ...rest)),
  });

export const hangingOnRequest =
  (isMet: (request: KmsRequest) => boolean): Override =>
  ({ decide }, { hang }) => ({
    decide: (request, ...rest) => (isMet(request) ? hang() : decide(request, ...rest)),
  });

export const dyingOfMessage =
  (isMet: (message: Uint8Array) => boolean): Override =>
  ({ answer }, { die }) => ({
    answer: (kms, message, caller) => (isMet(message) ? die() : answer(kms, message, caller)),
  });

export const dyingOfMalformed =
  (isMet: (problem: Malformed) => boolean): Override =>
  ({ malformed }, { die }) => ({
    malformed: (problem, kms) => (isMet(problem) ? die() : malformed(problem, kms)),
  });

export const hangingOnMalformed =
  (isMet: (problem: Malformed) => boolean): Override =>
  ({ malformed }, { hang }) => ({
    malformed: (problem, kms) => (isMet(problem) ? hang() : malformed(problem, kms)),
  });
