import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { shellWords } from '../testing/documented-commands';
import { runInProcess } from '../testing/in-process';

const CAPTURE = join(packageRoot(), 'captures', 'corpus', 'v4-mixed-growth.pcap');
/** Somebody else's configuration may name it, or a link in a folder of theirs lead to it. */
const ENDLESS = '/dev/zero';

/** Every way in which a file is read whole, as it is typed; FOLDER has links to the device under the names that are looked for. */
const WAYS: readonly string[] = [
  `run MSG-01 --config ${ENDLESS}`,
  'run MSG-01 --config FOLDER/profile.yaml',
  `run MSG-01 --profile ${ENDLESS}`,
  `run MSG-01 --baseline ${ENDLESS}`,
  `run MSG-01 --mac-key ${ENDLESS}`,
  `report ${ENDLESS} --markdown -`,
  `compare ${ENDLESS} ${ENDLESS}`,
  `merge ${ENDLESS} --json -`,
  `matrix ${ENDLESS} --out FOLDER/site`,
  `explain FOLDER/found`,
  `fuzz --replay found --out FOLDER`,
  'fuzz --runs 20 --feedback answers --out FOLDER/kept',
  'diff lab lab --replay FOLDER/differs',
  `check-history ${ENDLESS}`,
  `check-history ${ENDLESS} --profile ${ENDLESS}`,
  `anonymise "${CAPTURE}" FOLDER/out.pcap --secret ${ENDLESS}`,
  `inspect ${ENDLESS}`,
  `replay ${ENDLESS}`,
  `replay "${CAPTURE}" --profile ${ENDLESS}`,
  `correlate ${ENDLESS} ${ENDLESS}`,
  `correlate "${CAPTURE}" ${ENDLESS}`,
  `fleet --config ${ENDLESS}`,
];

describe('a file that has no end', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-endless-'));
    writeFileSync(join(folder, 'profile.yaml'), `profile: ${ENDLESS}\n`);
    for (const [name, file] of [
      ['found', 'finding.json'],
      ['differs', 'difference.json'],
      ['kept', 'kept-cases.jsonl'],
    ] as const) {
      mkdirSync(join(folder, name));
      symlinkSync(ENDLESS, join(folder, name, file));
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const way of WAYS) {
    it(`ends ${way.replaceAll(CAPTURE, 'CAPTURE')} with 2, in a line that names it`, async () => {
      const argv = shellWords(way).map((word) => word.replace('FOLDER', folder));
      const { exitCode, stderr } = await runInProcess(argv, { cwd: folder });
      expect(exitCode, stderr).to.equal(2);
      expect(stderr)
        .to.match(/\/dev\/zero|finding\.json|difference\.json|kept-cases\.jsonl/)
        .and.not.match(/undefined|unknown|\n\s+at /);
    });
  }
});
