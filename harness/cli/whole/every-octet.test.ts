import { expect } from 'chai';
import { type Changed, changedOctets, changedText, cut } from '../../testing/changed-octets';
import type { OthersDocument, Read } from '../testing/documents/document';
import { DOCUMENTS } from '../testing/documents';

async function readOf(document: OthersDocument, { bytes, where }: Changed): Promise<Read> {
  try {
    return await document.read(bytes);
  } catch (error) {
    throw new Error(`${where}: no error of ours: ${String((error as Error).stack)}`, { cause: error });
  }
}

describe('documents of others: every beginning, and every octet changed', function () {
  this.timeout(120_000);

  for (const document of DOCUMENTS) {
    const { name, whole, isBinary, cutSaysMore, changedSaysMore } = document;
    let good: unknown;
    before(async () => {
      const read = await document.read(whole);
      expect(read, name).to.have.property('data');
      good = (read as { data: unknown }).data;
    });

    it(`${name}: a beginning is refused, or says no more than the whole`, async () => {
      for (const beginning of cut(whole)) {
        const read = await readOf(document, beginning);
        if ('refused' in read) continue;
        const more = cutSaysMore === undefined ? 'it is read' : cutSaysMore(read.data, good);
        expect(more, beginning.where).to.equal(null);
      }
    });

    it(`${name}: with an octet changed it is refused, or says no more`, async () => {
      const refused = { count: 0, of: 0 };
      for (const changed of isBinary ? changedOctets(whole) : changedText(whole)) {
        const read = await readOf(document, changed);
        refused.of++;
        if ('refused' in read) refused.count++;
        else expect(changedSaysMore?.(read.data, good) ?? null, changed.where).to.equal(null);
      }
    });
  }
});
