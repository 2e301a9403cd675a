/** A mocha test of one's own that checks a host: any answer is judged against what the guides promise. */
import { expect } from 'chai';
import { KmsClient, machineRequest, Random, startLabHost, systemClock } from 'kmsspec/harness';
import { SERVER_THRESHOLD } from 'kmsspec/protocol';

describe('our KMS host', () => {
  it('lets the fifth server be activated', async () => {
    // A host of one's own would be named here: { host: '127.0.0.1', port: 1688 }.
    const host = await startLabHost();
    const random = new Random(7);
    const client = new KmsClient({ endpoint: { host: host.address, port: host.port }, timeoutMs: 2000 });
    const counts: number[] = [];
    for (let i = 0; i < SERVER_THRESHOLD; i++) {
      const { answer } = await client.activate(
        machineRequest({ product: 'r2-b', random, clock: systemClock }),
      );
      if (answer?.kind === 'response') counts.push(answer.value.currentClientCount);
    }
    await host.close();
    expect(counts).to.deep.equal([1, 2, 3, 4, 5]);
  });
});
