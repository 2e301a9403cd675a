import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { CATALOGUE } from '../scenarios/catalogue';
import { WIRE_PAGE, wirePage } from './wire-page';

describe('docs/wire.md', () => {
  it('is what the layouts and the recordings make of it (npm run wire)', async () => {
    expect(readFileSync(WIRE_PAGE, 'utf8')).to.equal(await wirePage());
  });

  it('explains every octet of each PDU, once', async () => {
    for (const section of (await wirePage()).split('\n## ').slice(1, 6)) {
      const rows = [...section.matchAll(/^\| (\d+) \| (\d+) \|/gm)].map(([, offset, length]) => [
        Number(offset),
        Number(length),
      ]);
      let next = 0;
      for (const [offset, length] of rows) {
        expect(offset, section.slice(0, 20)).to.equal(next);
        next += length!;
      }
      expect(next, section.slice(0, 20)).to.be.at.least(36);
    }
  });

  it('names every source that the catalogue cites', async () => {
    const page = await wirePage();
    for (const source of new Set(
      CATALOGUE.flatMap(({ sources }) => sources.map((one) => one.split(/[ ,:]/)[0]!)),
    )) {
      expect(page, source).to.contain(source);
    }
  });
});
