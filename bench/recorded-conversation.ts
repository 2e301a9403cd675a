import { KmsClient } from '../harness/client';
import type { LabHost } from '../harness/lab-host';
import { machineRequest } from '../harness/model/machine-request';
import { systemClock } from '../harness/support/clock';
import { Random } from '../harness/support/random';
import type { TransferSyntax } from '../protocol';
import type { Conversation } from './canned-responder';

/** A conversation, and how its stubs are laid out. */
export interface RecordedConversation extends Conversation {
  readonly transferSyntax: TransferSyntax;
}

/**
 * The bytes of one exchange with a lab host.
 * @param earlier machines that ask before it: the answer has them in its count
 */
export async function recordConversation(host: LabHost, earlier = 0): Promise<RecordedConversation> {
  const sent: Uint8Array[] = [];
  const received: Uint8Array[] = [];
  const endpoint = { host: host.address, port: host.port };
  const random = new Random(1);
  const ask = (client: KmsClient) =>
    client.activate(machineRequest({ product: 'win7', random, clock: systemClock }));
  const before = new KmsClient({ endpoint });
  for (let machine = 0; machine < earlier; machine++) await ask(before);
  await before.close();
  const client = new KmsClient({
    endpoint,
    observer: {
      sent: (_connection, bytes) => void sent.push(Buffer.from(bytes)),
      received: (_connection, bytes) => void received.push(Buffer.from(bytes)),
    },
  });
  const { transferSyntax } = await ask(client);
  await client.close();
  if (sent.length !== 2 || received.length !== 2)
    throw new Error('expected a bind and a request, and an answer to each');
  return { bind: sent[0]!, bindAck: received[0]!, request: sent[1]!, response: received[1]!, transferSyntax };
}
