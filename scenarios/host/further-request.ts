import { machine } from '../../harness/jobs/suite/host/machines';
import type { Reaction } from '../../harness/jobs/suite/host/reply';
import type { BoundConnection } from './bound-connection';
import type { RpcWords } from './rpc-words';

/** How long a host that closes behind an answer is given to do so. */
const CLOSES_WITHIN_MS = 250;

/**
 * What a good request receives behind an answer on one association. A host that closes behind the answer may find the request in its
 * buffer already, and then TCP resets (RFC 9293, 3.6.1; RFC 1122, 4.2.2.13): whether it closes cleanly shows on a second association, where
 * nothing is sent behind the answer.
 */
export async function furtherRequest(
  rpc: RpcWords,
  toTheAnswer: (bound: BoundConnection) => Promise<unknown>,
): Promise<Reaction | { readonly kind: 'closes' }> {
  const bound = await rpc.bind();
  await toTheAnswer(bound);
  const further = await bound.attempt(machine());
  if (further.kind !== 'nothing') return further;
  if (further.failure.kind === 'closed') return { kind: 'closes' };
  if (further.failure.kind !== 'reset') return further;
  const again = await rpc.bind();
  await toTheAnswer(again);
  return (await again.end(CLOSES_WITHIN_MS)) === 'closed' ? { kind: 'closes' } : further;
}
