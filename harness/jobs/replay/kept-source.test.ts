import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { keptSource } from './kept-source';

describe('a source that is read more than once', () => {
  const CHUNKS = ['one ', 'two ', 'three'].map((text) => Buffer.from(text));

  const textOf = async (source: string | Readable): Promise<string> => {
    if (typeof source === 'string') return readFileSync(source, 'latin1');
    const chunks: Buffer[] = [];
    for await (const chunk of source) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('latin1');
  };

  it('keeps a short stream in memory, a long one in a file that goes with it', async () => {
    for (const [mostHeld, isFile] of [
      [100, false],
      [8, true],
      [0, true],
    ] as const) {
      const kept = await keptSource(Readable.from(CHUNKS), '-', mostHeld);
      expect(await textOf(await kept.read())).to.equal('one two three');
      const again = await kept.read();
      expect(typeof again === 'string', `${mostHeld}`).to.equal(isFile);
      expect([await textOf(again), await textOf(await kept.read())]).to.deep.equal(
        Array(2).fill('one two three'),
      );
      kept.close();
      if (typeof again === 'string') expect(existsSync(again)).to.equal(false);
    }
  });

  it('has what the first reading took, where that ended early', async () => {
    const kept = await keptSource(Readable.from(CHUNKS), '-', 0);
    for await (const chunk of (await kept.read()) as Readable) {
      expect(String(chunk)).to.equal('one ');
      break;
    }
    expect(await textOf(await kept.read())).to.match(/^one /);
    kept.close();
  });
});
