import { machine } from '../../harness/jobs/suite/host/machines';
import type { Reaction } from '../../harness/jobs/suite/host/reply';
import type { BoundConnection } from './bound-connection';
import type { RpcWords } from './rpc-words';

/** How long a host that closes behind an answer is given to do so, where it reset what was sent meanwhile: it may linger as it did then. */
const CLOSES_WITHIN_MS = 250;
const LINGER_FACTOR = 2;
/** And where it has said nothing yet. */
const SILENT_MS = 5000;

/**
 * What a good request receives behind an answer on one association. A host that closes behind the answer may find the request in its
 * buffer already, and then TCP resets (RFC 9293, 3.6.1; RFC 1122, 4.2.2.13), or lingers: whether it closes cleanly shows on a second association,
 * where nothing is sent behind the answer.
 */
export async function furtherRequest(
  rpc: RpcWords,
  toTheAnswer: (bound: BoundConnection) => Promise<unknown>,
): Promise<Reaction | { readonly kind: 'closes' }> {
  const bound = await rpc.bind();
  await toTheAnswer(bound);
  const askedAt = performance.now();
  const further = await bound.attempt(machine());
  if (further.kind !== 'nothing') return further;
  if (further.failure.kind === 'closed') return { kind: 'closes' };
  const tookMs = performance.now() - askedAt;
  if (further.failure.kind !== 'reset' && further.failure.kind !== 'timed-out') return further;
  const again = await rpc.bind();
  await toTheAnswer(again);
  const silentMs = Math.min(SILENT_MS, again.association.connection.timeoutMs);
  const lingersMs = further.failure.kind === 'reset' ? LINGER_FACTOR * tookMs : silentMs;
  return (await again.end(Math.max(CLOSES_WITHIN_MS, lingersMs))) === 'closed' ? { kind: 'closes' } : further;
}
