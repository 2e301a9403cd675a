import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAtMost, readAtMostSync, TooLargeError } from './read-at-most';

describe('reading what somebody handed over', () => {
  const ways = {
    readAtMost,
    readAtMostSync: (...args: Parameters<typeof readAtMostSync>) => Promise.resolve(readAtMostSync(...args)),
  };
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-read-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refusal = async (reading: () => Promise<Buffer>): Promise<unknown> => {
    try {
      return await reading();
    } catch (error) {
      return error;
    }
  };

  for (const [name, read] of Object.entries(ways)) {
    it(`${name}: takes a file up to the last byte, and none beyond`, async () => {
      const file = join(folder, 'file');
      for (const size of [0, 1, 99, 100, (1 << 20) - 1, 1 << 20, (1 << 20) + 1]) {
        const content = Buffer.alloc(size, 'kms');
        writeFileSync(file, content);
        expect((await read(file, size)).equals(content), `${size}`).to.equal(true);
        if (size > 0) expect(await refusal(() => read(file, size - 1))).to.be.instanceOf(TooLargeError);
      }
    });

    it(`${name}: ends on a device that does not, by whatever name`, async () => {
      const link = join(folder, 'link');
      symlinkSync('/dev/zero', link);
      for (const file of ['/dev/zero', link]) {
        const error = (await refusal(() => read(file, 3 << 20))) as Error;
        expect(error).to.be.instanceOf(TooLargeError);
        expect(error.message).to.equal('larger than 3 MB');
      }
      expect((await read('/dev/null', 0)).length).to.equal(0);
    });

    it(`${name}: says what is not there, as the system does`, async () => {
      expect(await refusal(() => read(join(folder, 'none'), 10))).to.include({ code: 'ENOENT' });
      expect(await refusal(() => read(folder, 10))).to.include({ code: 'EISDIR' });
    });
  }

  it('readAtMost: takes what comes by a pipe, piece by piece', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reading = readAtMost(pipe, 200_000);
    const writer = createWriteStream(pipe);
    for (let i = 0; i < 4; i++) writer.write(Buffer.alloc(50_000, `${i}`));
    writer.end();
    const content = await reading;
    expect([content.length, String.fromCharCode(content.at(-1)!)]).to.deep.equal([200_000, '3']);
  });
});
