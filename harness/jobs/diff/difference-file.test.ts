import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FuzzCase } from '../../cases/case';
import { UsageError } from '../../support/usage-error';
import { openTarget } from '../../target';
import { conversationsFor } from './conversations';
import { differenceFileText, type HowItShowed, loadDifference, readDifferenceFile } from './difference-file';
import { type FoundDifference, idOf } from './found';

const difference = { signature: 'response.currentClientCount', path: 'response.currentClientCount', step: 1 };
const foundIn = (cases: readonly FuzzCase[]): FoundDifference & HowItShowed => ({
  ...{
    id: idOf({ ...difference, a: '1', b: '2' }, []),
    difference: { ...difference, a: '1', b: '2' },
    cases,
  },
  ...{ features: ['burst'], requests: 2, shrunkFrom: 7, greatest: [10, 50], index: -3, broken: null },
  ...{ ignored: ['header.drep'], isOfApplications: true },
});
const TOLD = {
  hosts: [{ name: 'old', address: '127.0.0.1:1688', profile: 'win7-2008r2' }],
  ...{ message: 'count: old: 1; new: 2', repeat: 'kmsspec diff old new' },
};
const textOf = (cases: readonly FuzzCase[]): string => differenceFileText(foundIn(cases), TOLD);
const problemOf = (text: string): string => {
  const read = readDifferenceFile(text);
  return read.kind === 'read' ? 'none' : read.problem;
};

describe('difference.json', function () {
  this.timeout(60_000);

  let conversations: readonly FuzzCase[];
  before(async () => {
    const target = await openTarget({});
    conversations = conversationsFor([target.controls]);
    await target.close();
  });

  it('holds any conversation that may come to show a difference', () => {
    expect(conversations.length).to.be.greaterThan(300);
    for (const one of conversations) {
      const { broken: _, ...found } = foundIn([one]);
      const read = readDifferenceFile(textOf([one]));
      expect(read.kind === 'wrong' ? read.problem : read.saved).to.deep.equal(found);
      expect(read).to.deep.include({ told: { ...TOLD, clause: null, against: null } });
    }
  });

  it('is refused with a reason wherever it is cut, and whatever byte of it is changed', () => {
    const bytes = Buffer.from(textOf(conversations.slice(0, 1)).trimEnd());
    for (let size = 0; size < bytes.length; size += 7)
      expect(problemOf(bytes.subarray(0, size).toString('utf8')), `${size} bytes`).to.not.equal('none');
    for (let at = 0; at < bytes.length; at += 3) {
      if (bytes[at] === 0x20 || bytes[at] === 0x0a) continue;
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0x01;
      expect(problemOf(changed.toString('utf8')), `byte ${at}`).to.not.equal('none');
    }
  });

  it('is refused where its steps would never end, though somebody has put its digest right', () => {
    const [one] = conversations;
    expect(problemOf(textOf([{ ...one!, steps: [{ kind: 'advance', seconds: 1e12 }] }]))).to.match(/seconds/);
  });

  it('is told from what is none, with the file that it is not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-difference-'));
    const file = join(folder, 'difference.json');
    const problem = async (): Promise<unknown> => loadDifference(file).catch((error: unknown) => error);
    try {
      expect(await problem())
        .to.be.instanceOf(UsageError)
        .with.property('message')
        .that.includes(`${file} cannot be read`);
      writeFileSync(file, '{"schema":"kmsspec.finding/2"}');
      expect(await problem())
        .to.be.instanceOf(UsageError)
        .with.property('message')
        .that.matches(/is no difference of this version of kmsspec: schema: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
