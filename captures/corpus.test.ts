import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readCapture } from './index';
import { FIELD } from './testing/field-expectations';
import { answerOf } from './testing/packets';
import { CORPUS } from './testing/recorded';

interface Provenance {
  readonly captures: readonly { file: string; sha256: string; exchanges: number; answers: string[] }[];
}
interface Manifest {
  readonly captures: readonly { file: string; sha256: string }[];
}

const FIELD_FOLDER = path.join(CORPUS, 'field');
const load = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const provenance = load(path.join(CORPUS, 'provenance.json')) as Provenance;
const manifest = load(path.join(FIELD_FOLDER, 'manifest.json')) as Manifest;

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

async function read(file: string): Promise<{ answers: string[]; attempts: string[]; warnings: string[] }> {
  const reader = readCapture(file);
  const answers: string[] = [];
  const attempts: string[] = [];
  for await (const item of reader) {
    if (item.kind === 'exchange') answers.push(answerOf(item.exchange));
    else attempts.push(item.attempt.outcome);
  }
  return { answers, attempts, warnings: reader.report!.warnings.map(({ message }) => message) };
}

describe('the corpus', () => {
  it('has a provenance for every recording, and a manifest entry for every field capture', () => {
    const captures = (folder: string): string[] =>
      readdirSync(folder)
        .filter((name) => /\.pcap/.test(name))
        .sort();
    expect(provenance.captures.map(({ file }) => file).sort()).to.deep.equal(captures(CORPUS));
    expect(manifest.captures.map(({ file }) => file).sort()).to.deep.equal(captures(FIELD_FOLDER));
    expect(FIELD.map(({ file }) => file).sort()).to.deep.equal(captures(FIELD_FOLDER));
  });

  it('is small', () => {
    const sizes = manifest.captures.map(({ file }) => statSync(path.join(FIELD_FOLDER, file)).size);
    expect(Math.max(...sizes)).to.be.below(60_000);
    expect(sizes.reduce((sum, size) => sum + size)).to.be.below(600_000);
    expect(sizes.length).to.be.at.least(25);
  });

  for (const { file, exchanges, answers, sha256: expected } of provenance.captures) {
    it(`${file} is as it was recorded and yields ${exchanges} exchanges`, async () => {
      const full = path.join(CORPUS, file);
      expect(sha256(full)).to.equal(expected);
      expect(answers).to.have.length(exchanges);
      expect(await read(full)).to.deep.equal({ answers, attempts: [], warnings: [] });
    });
  }

  for (const { file, answers, attempts = [], warnings: patterns = [] } of FIELD) {
    it(`field/${file} yields ${[...answers, ...attempts].join(' ') || 'nothing'}`, async () => {
      const full = path.join(FIELD_FOLDER, file);
      expect(sha256(full)).to.equal(manifest.captures.find((entry) => entry.file === file)?.sha256);
      const { answers: found, attempts: failed, warnings } = await read(full);
      expect(found).to.deep.equal(answers);
      expect(failed).to.deep.equal(attempts);
      expect(warnings, warnings.join('\n')).to.have.length(patterns.length);
      for (const [i, pattern] of patterns.entries()) expect(warnings[i]).to.include(pattern);
    });
  }
});
