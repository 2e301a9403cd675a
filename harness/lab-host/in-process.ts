import {
  type Answer,
  decodeResponse,
  encodeRequest,
  type KmsRequestInput,
  ProtocolError,
  type SealedMessage,
} from '../../protocol';
import type { Caller } from './hooks/service-hooks';
import { LabKms } from './kms';
import { type LabHostOptions, resolveSettings } from './settings';

/** There is one client, and it has no transfer syntax to speak of. */
const CALLER: Caller = { syntax: 'ndr32', connection: {}, family: 4, wasSplitBehindHeader: false };

/** A lab host without RPC and sockets: the same decisions and messages, for fleets and streams. */
export interface InProcessHost {
  /** @throws HostDeath, HostHang from a host with such a fault */
  answer(request: KmsRequestInput): Answer;
  reset(): void;
  restart(): void;
  advanceClock(seconds: number): void;
}

/** A lab host without a socket: requests in, answers out, in this process. */
export function createInProcessHost(options: LabHostOptions = {}): InProcessHost {
  const settings = resolveSettings(options);
  const kms = new LabKms(settings);
  return {
    answer: (request) => answer(kms, encodeRequest(request)),
    reset: () => kms.reset(),
    restart: () => kms.restart(),
    advanceClock: (seconds) => settings.clock.advance(seconds),
  };
}

function answer(kms: LabKms, request: Uint8Array): Answer {
  const { message, hresult } = kms.answer(request, CALLER);
  if (message === null) return { kind: 'refusal', hresult };
  try {
    const response = decodeResponse(message);
    return response.kind === 'clear'
      ? { kind: 'response', bytes: message, value: response.value }
      : { kind: 'sealed', bytes: message, value: response.value satisfies SealedMessage };
  } catch (error) {
    if (error instanceof ProtocolError) return { kind: 'malformed', bytes: message, error };
    throw error;
  }
}
