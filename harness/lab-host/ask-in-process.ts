import { type Answer, encodeRequest, type KmsRequestInput } from '../../protocol';
import type { SeenExchange } from '../client/exchange-window';
import type { HostClient, HostReply } from '../client/host-client';
import type { InProcessHost } from './in-process';

/** A lab host in this process, without sockets, as a host to ask. */
export function connectInProcess(host: InProcessHost, name = 'lab host in process'): HostClient {
  return {
    name,
    activate: (request) => Promise.resolve(new InProcessReply(request, host.answer(request))),
    advanceClock: (seconds) => Promise.resolve(host.advanceClock(seconds)),
    reset: () => Promise.resolve(host.reset()),
    restart: () => Promise.resolve(host.restart()),
  };
}

/** What was exchanged are KMS messages: there is no RPC around them. They are laid out where somebody looks. */
class InProcessReply implements HostReply {
  constructor(
    private readonly request: KmsRequestInput,
    readonly answer: Answer,
  ) {}

  get exchange(): SeenExchange {
    const { request, answer } = this;
    return {
      get pdus() {
        return { sent: [encodeRequest(request)], received: 'bytes' in answer ? [answer.bytes] : [] };
      },
    };
  }
}
