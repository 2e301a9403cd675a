import { KmsClient } from '../client';
import { type LabHost, type LabHostOptions, startLabHost } from '../lab-host';
import { machineRequest } from '../model/machine-request';
import { systemClock } from '../support/clock';
import { Random } from '../support/random';

/** A lab host that counts so many Windows 7 clients already. Its caller closes it. */
export async function startFilledHost(machines: number, options: LabHostOptions = {}): Promise<LabHost> {
  const host = await startLabHost(options);
  const client = new KmsClient({ endpoint: { host: host.address, port: host.port } });
  const random = new Random(host.port);
  for (let i = 0; i < machines; i++) {
    await client.activate(machineRequest({ product: 'win7', random, clock: systemClock }));
  }
  await client.close();
  return host;
}
