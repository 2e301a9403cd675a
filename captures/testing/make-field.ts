import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FIELD } from './field-expectations';
import { handMadeFiles } from './field-files';
import { CORPUS } from './recorded';

/** Writes the captures that are made by hand, and the manifest of all: `captures/corpus/make.sh` calls this. */
async function main(): Promise<void> {
  const folder = path.join(CORPUS, 'field');
  for (const [name, bytes] of await handMadeFiles()) writeFileSync(path.join(folder, name), bytes);
  const entries = FIELD.map((expectation) => {
    const sha256 = createHash('sha256')
      .update(readFileSync(path.join(folder, expectation.file)))
      .digest('hex');
    return { ...expectation, sha256 };
  });
  const manifest = {
    about:
      'What each capture must yield, and where tshark 4.0 finds something else. Made by ../make.sh; all carry PDUs of the recordings in corpus/.',
    captures: entries,
  };
  writeFileSync(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

void main();
