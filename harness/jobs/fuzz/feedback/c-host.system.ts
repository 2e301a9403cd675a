import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KmsClient } from '../../../client';
import { machineRequest } from '../../../model/machine-request';
import { systemClock } from '../../../support/clock';
import { Random } from '../../../support/random';
import { requireProgram } from '../../../testing/tshark';
import { buildCHost, startCHost } from '../testing/c-host/c-host';

describe('a host in C that tells of its code', function () {
  let folder: string;
  let program: string;
  before(async () => {
    await requireProgram('clang', 'clang');
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-c-host-'));
    program = buildCHost(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('shows other edges for a request than for a bind alone, and the same for the same again', async () => {
    const host = await startCHost(program, 0);
    const client = new KmsClient({ endpoint: { host: '127.0.0.1', port: host.port } });
    try {
      const request = machineRequest({ product: 'win7', random: new Random(1), clock: systemClock });
      // What runs as a connection ends may be told with the next one: several times tell all of it.
      const edgesOf = async (step: () => Promise<unknown>): Promise<number[]> => {
        for (let time = 0; time < 10; time++) await step();
        const hits = await host.coverage();
        return hits.filter((_, index) => index % 2 === 0).sort((one, other) => one - other);
      };
      const bind = async (): Promise<void> => (await client.session()).close();
      const ask = async (): Promise<void> => {
        expect((await client.activate(request)).answer?.kind).to.equal('response');
      };
      await edgesOf(ask);
      const [bound, asked, again] = [await edgesOf(bind), await edgesOf(ask), await edgesOf(ask)];
      expect(bound).to.not.be.empty;
      expect(asked).to.include.members(bound).and.have.length.above(bound.length);
      expect(again).to.deep.equal(asked);
      expect(host.isDead).to.equal(false);
    } finally {
      await client.close();
      await host.close();
    }
  });
});
