import { expect } from 'chai';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal';
import { UsageError } from '../../support/usage-error';

describe('the journal of a campaign', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-journal-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const entry = (block: number) => ({
    block,
    cases: 10,
    coverage: { 'a b': [1, 2, 3, 4, 5, 6] },
    remarks: { 'grants 253 bytes': 3 },
    findings: [],
    hits: {},
  });
  const write = (...blocks: number[]): string => {
    const journal = new Journal(folder, { seed: 1 });
    for (const block of blocks) journal.add(entry(block));
    journal.close();
    return join(folder, readdirSync(folder)[0]!);
  };
  const blocks = (identity: object = { seed: 1 }, afresh = false): (number | null)[] => {
    const journal = new Journal(folder, { ...identity }, afresh);
    const entries = journal.takeEntries();
    journal.close();
    return entries.map(({ block }) => block);
  };

  it('is read back up to where it was cut', () => {
    const file = write(0, 1, 2);
    const whole = readFileSync(file);
    const ends = [...whole.entries()].filter(([, octet]) => octet === 0x0a).map(([at]) => at);
    for (let size = 0; size < whole.length; size += 3) {
      writeFileSync(file, whole.subarray(0, size));
      const kept = ends.slice(1).filter((end) => end <= size).length;
      expect(blocks(), `cut to ${size} bytes`).to.deep.equal([0, 1, 2].slice(0, kept));
    }
  });

  it('loses the one line whose byte was changed, and goes on behind it', () => {
    const file = write(0, 1, 2);
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at += 3) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x15;
      writeFileSync(file, changed);
      const line = whole.subarray(0, at).filter((octet) => octet === 0x0a).length;
      const left = blocks();
      // A line's end that is gone takes the next line along.
      const isEnd = whole[at] === 0x0a;
      const lost = isEnd ? [line - 1, line] : [line - 1];
      expect(left, `byte ${at}`).to.deep.equal([0, 1, 2].filter((block) => !lost.includes(block)));
      write(7);
      expect(blocks()).to.deep.equal([...left, 7]);
    }
  });

  it('says what it lost, once', () => {
    const file = write(0, 1);
    appendFileSync(file, 'no line of ours\n');
    const journal = new Journal(folder, { seed: 1 });
    expect(journal.notes.join()).to.match(/1 of its 3 lines are lost/);
    journal.close();
    const again = new Journal(folder, { seed: 1 });
    expect(again.notes).to.deep.equal([]);
    again.close();
  });

  it('is another one for another campaign, and empty when begun afresh', () => {
    write(0, 1);
    expect(blocks({ seed: 2 })).to.deep.equal([]);
    expect(blocks()).to.deep.equal([0, 1]);
    expect(blocks({ seed: 1 }, true)).to.deep.equal([]);
    expect(blocks()).to.deep.equal([]);
  });

  it('that cannot be written is a usage error that names it', () => {
    const file = write(0);
    expect(() => new Journal(join(file, 'within'), { seed: 1 })).to.throw(UsageError, /--out/);
  });

  it('that is forgotten holds nothing, and takes what comes', () => {
    write(0, 1);
    const journal = new Journal(folder, { seed: 1 });
    journal.beginAgain();
    journal.add(entry(5));
    journal.close();
    expect(blocks()).to.deep.equal([5]);
  });
});
