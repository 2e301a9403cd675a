/** A mocha test of one's own that needs a KMS host: the lab host, on a clock that the test sets. */
import { expect } from 'chai';
import { KmsClient, type LabHost, machineRequest, Random, startLabHost, systemClock } from 'kmsspec/harness';

describe('a monitor that watches the count', () => {
  let host: LabHost;
  before(async () => {
    host = await startLabHost();
  });
  after(() => host.close());

  it('sees the count fall when a machine has been away for more than 30 days', async () => {
    const random = new Random(1);
    const client = new KmsClient({ endpoint: { host: host.address, port: host.port } });
    const ask = async (): Promise<unknown> => {
      const { answer } = await client.activate(
        machineRequest({ product: 'win7', random, clock: systemClock }),
      );
      return answer?.kind === 'response' ? answer.value.currentClientCount : answer;
    };
    expect(await ask()).to.equal(1);
    expect(await ask()).to.equal(2);
    await host.controls.advanceClock(31 * 24 * 3600);
    expect(await ask()).to.equal(1);
  });
});
