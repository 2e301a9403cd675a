import { HRESULT } from '../../../protocol';
import type { Machine, MachineKind } from './host/machines';
import { candidatesFor } from './host/product-choice';
import type { Reply } from './host/reply';
import type { RequestDriver } from './host/request-driver';

/**
 * A machine asks for the products that stand for its kind, until one is offered: which of them a host grants depends on its key. The run
 * goes by that product from then on.
 * @returns what came of the last one asked for
 */
export async function chooseProduct(
  host: RequestDriver,
  kind: MachineKind,
  machine: Machine,
): Promise<Reply | null> {
  const { session } = host;
  let reply: Reply | null = null;
  for (const candidate of candidatesFor(kind, session.options.target.keyGroup)) {
    session.chooseProduct(kind, candidate);
    const { applicationId, kmsCountedId, requiredClientCount, skus } = candidate;
    const asked = { applicationId, kmsCountedId, requiredClientCount, skuId: skus[0].skuId };
    reply = await host.ask(machine, asked);
    if (reply.kind === 'granted') session.openingCount ??= reply.count;
    if (reply.kind !== 'refused' || reply.status !== HRESULT.productNotOffered) return reply;
  }
  session.chooseProduct(kind, null);
  return reply;
}
