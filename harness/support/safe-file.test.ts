import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExchanges } from '../../captures';
import { CaptureFile } from '../client/capture-file';
import { checkWritable, WriteFileError, writeFileSafely } from './safe-file';
import { UsageError } from './usage-error';

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

describe('files that are written', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'safe-test-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('take the place of the old one, and leave nothing beside', async () => {
    const file = join(folder, 'a');
    await writeFileSafely(file, 'one');
    await writeFileSafely(file, 'two');
    expect(await readFile(file, 'utf8')).to.equal('two');
    expect(await readdir(folder)).to.deep.equal(['a']);
  });

  it('are told by name where they cannot be written', async () => {
    await mkdir(join(folder, 'dir'));
    await writeFile(join(folder, 'file'), '');
    const cases: [string, RegExp][] = [
      ['dir', /it is a folder/],
      ['none/a', /its folder does not exist/],
      ['file/a', /its folder is no folder/],
    ];
    for (const [name, why] of cases) {
      for (const error of [
        await failureOf(checkWritable(join(folder, name))),
        await failureOf(writeFileSafely(join(folder, name), 'x')),
      ]) {
        expect(error).to.be.instanceOf(WriteFileError).and.instanceOf(UsageError);
        expect(error.message).to.contain(join(folder, name)).and.match(why);
      }
    }
    expect((await readdir(folder)).sort()).to.deep.equal(['dir', 'file']);
  });

  it('are told by name where a capture cannot be begun', () => {
    expect(() => new CaptureFile(join(folder, 'none', 'x.pcap'))).to.throw(
      WriteFileError,
      /x\.pcap.*does not exist/,
    );
  });

  it('grow beside an old capture and take its place at the end', async () => {
    const file = join(folder, 'c.pcapng');
    await writeFile(file, 'old');
    const capture = new CaptureFile(file);
    expect(await readFile(file, 'utf8')).to.equal('old');
    capture.close();
    expect((await readFile(file)).readUInt32LE(0)).to.equal(0x0a0d0d0a);
    expect(await readdir(folder)).to.deep.equal(['c.pcapng']);
  });

  it('are captures at every moment where there was none before', async () => {
    const file = join(folder, 'd.pcap');
    const capture = new CaptureFile(file);
    capture.packet({ timestampNs: 1n, data: new Uint8Array(60) });
    const reader = readExchanges(file);
    for await (const exchange of reader) expect.fail(`none was written, not ${exchange.index}`);
    expect(reader.report).to.include({ packets: 1, format: 'pcap' });
    capture.close();
  });
});
