import { expect } from 'chai';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isGuid } from '../../../protocol';
import { stableClientMachineId } from '../../client/good-request';
import { CMID_FILE, keptClientMachineId } from './kept-cmid';

const OTHER = '01234567-89ab-8cde-8f01-23456789abcd';

describe('the CMID that probes keep', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'kmsspec-cmid-'))));
  afterEach(() => rmSync(home, { recursive: true }));
  const folder = (): string => join(home, 'state', 'kmsspec');
  const file = (): string => join(folder(), CMID_FILE);

  it('is that of the machine at first, and what stands in the file from then on', async () => {
    expect(await keptClientMachineId(folder())).to.deep.equal({
      clientMachineId: stableClientMachineId(),
      problem: null,
    });
    expect(readFileSync(file(), 'utf8')).to.equal(`${stableClientMachineId()}\n`);
    // A machine with another name finds the one that was kept.
    writeFileSync(file(), `${OTHER.toUpperCase()}\n`);
    expect(await keptClientMachineId(folder())).to.deep.equal({ clientMachineId: OTHER, problem: null });
  });

  it('is one for all that start at the same time, and leaves nothing else behind', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => keptClientMachineId(folder())));
    expect(new Set(all.map(({ clientMachineId }) => clientMachineId)).size).to.equal(1);
    expect(readdirSync(folder())).to.deep.equal([CMID_FILE]);
  });

  for (const damaged of ['', 'x', '{}', `${OTHER}${OTHER}`, '\u0000'.repeat(40)]) {
    it(`is mended where the file holds ${JSON.stringify(damaged.slice(0, 10))}`, async () => {
      await keptClientMachineId(folder());
      writeFileSync(file(), damaged);
      const { clientMachineId, problem } = await keptClientMachineId(folder());
      expect(problem).to.equal(null);
      expect(isGuid(clientMachineId)).to.equal(true);
      expect(readFileSync(file(), 'utf8').trim()).to.equal(clientMachineId);
    });
  }

  it('is that of the machine where nothing can be kept, and says why', async () => {
    writeFileSync(join(home, 'state'), 'a file where a folder should be');
    const { clientMachineId, problem } = await keptClientMachineId(folder());
    expect(clientMachineId).to.equal(stableClientMachineId());
    expect(problem).to.equal(`${file()} cannot be kept (ENOTDIR)`);
    expect(await keptClientMachineId(null)).to.deep.equal({
      clientMachineId: stableClientMachineId(),
      problem: null,
    });
  });

  it('needs no more than to read what is kept', async () => {
    await keptClientMachineId(folder());
    writeFileSync(file(), OTHER);
    chmodSync(file(), 0o400);
    chmodSync(folder(), 0o500);
    expect((await keptClientMachineId(folder())).clientMachineId).to.equal(OTHER);
    chmodSync(folder(), 0o700);
    expect(existsSync(file())).to.equal(true);
  });
});
