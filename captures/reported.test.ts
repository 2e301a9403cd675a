import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { type Attempt, CaptureError, readCapture } from './index';
import { answerOf } from './testing/packets';
import { CORPUS } from './testing/recorded';

/** What is right for a file, written by hand. */
interface Reported {
  readonly file: string;
  readonly sha256: string;
  readonly answers?: readonly string[];
  readonly attempts?: readonly string[];
  /** Of the first attempt. */
  readonly detail?: string;
  readonly sightings?: number;
  readonly warnings?: readonly string[];
  /** The program that the error names. */
  readonly error?: string;
}

const FOLDER = path.join(CORPUS, 'reported');
const { files } = JSON.parse(readFileSync(path.join(FOLDER, 'provenance.json'), 'utf8')) as {
  files: Reported[];
};

async function read(file: string) {
  const reader = readCapture(path.join(FOLDER, file));
  const attempts: Attempt[] = [];
  const answers: string[] = [];
  const sightings: number[] = [];
  for await (const item of reader) {
    if (item.kind === 'attempt') attempts.push(item.attempt);
    else {
      answers.push(answerOf(item.exchange));
      if (item.exchange.sightings !== undefined) sightings.push(item.exchange.sightings.length);
    }
  }
  return { answers, attempts, sightings, warnings: reader.report!.warnings.map(({ message }) => message) };
}

describe('files as people report them', () => {
  it('are there, each as it came', () => {
    const names = readdirSync(FOLDER).filter((name) => name !== 'provenance.json');
    expect(names.sort()).to.deep.equal(files.map(({ file }) => file).sort());
    for (const { file, sha256 } of files) {
      const digest = createHash('sha256').update(readFileSync(path.join(FOLDER, file)));
      expect(digest.digest('hex'), file).to.equal(sha256);
    }
  });

  for (const { file, error, ...right } of files) {
    if (file.endsWith('.txt')) continue;
    if (error !== undefined) {
      it(`${file} is refused, and the error names ${error}`, async () => {
        let refused: unknown;
        await read(file).catch((reason: unknown) => (refused = reason));
        expect(refused).to.be.instanceOf(CaptureError);
        expect((refused as CaptureError).code).to.equal('unsupported');
        expect((refused as CaptureError).problem).to.contain(error);
      });
      continue;
    }
    it(`${file} yields ${[...(right.answers ?? []), ...(right.attempts ?? [])].join(' ')}`, async () => {
      const { answers, attempts, sightings, warnings } = await read(file);
      expect(answers).to.deep.equal(right.answers ?? []);
      expect(attempts.map(({ outcome }) => outcome)).to.deep.equal(right.attempts ?? []);
      if (right.detail !== undefined) expect(attempts[0]!.detail).to.equal(right.detail);
      expect(sightings).to.deep.equal(right.sightings === undefined ? [] : [right.sightings]);
      expect(warnings).to.have.length(right.warnings?.length ?? 0);
      for (const [i, pattern] of (right.warnings ?? []).entries()) expect(warnings[i]).to.contain(pattern);
    });
  }
});
