import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEventLog } from '../read-log';
import { type EvtxOptions, type MadeEvent, writeEvtx } from '../testing/evtx-writer';

const line = (number: number): string =>
  `0x${(number % 3 === 0 ? 0xc004f042 : 0).toString(16)}, 25, pc-${number} <&> ü.example.test, d72b1ba1-9092-4185-8ba0-${String(number).padStart(12, '0')}, 2026/11/21 7:16, 0, 2, 43200, b92e9980-b9d5-4821-9c94-140f632f6312`;
const EVENTS: MadeEvent[] = Array.from({ length: 300 }, (_, i) =>
  i % 10 === 9
    ? { id: 12294, data: ['corp.example.test'] }
    : { id: 12290, data: i % 2 === 0 ? [line(i)] : line(i).split(', ') },
);
const FORMS: readonly EvtxOptions[] = [{ data: 'array' }, { data: 'nested' }];

/** Two readers of other people, as Debian has them: of libevtx and python-evtx. */
const READERS: readonly { readonly name: string; readonly read: (file: string) => string }[] = [
  { name: 'evtxexport', read: (file) => run('evtxexport', ['-f', 'xml', file]) },
  { name: 'evtx_dump.py', read: (file) => run('evtx_dump.py', [file]) },
];

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 60_000,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8', LC_ALL: 'C.UTF-8' },
  });
}

const fieldsOf = (bytes: Uint8Array | string) => {
  const log = parseEventLog(Buffer.from(bytes), 'log');
  return {
    events: [...log.events].map(({ where: _, ...fields }) => fields),
    published: log.publications.map(({ domain }) => domain),
    unreadable: log.unreadable,
  };
};

describe('.evtx beside the readers of other projects', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-evtx-'))));
  after(() => rmSync(folder, { recursive: true }));

  for (const form of FORMS) {
    for (const { name, read } of READERS) {
      it(`tells the same as ${name}, with strings as ${form.data}`, () => {
        const bytes = writeEvtx(EVENTS, form);
        const file = join(folder, 'kms.evtx');
        writeFileSync(file, bytes);
        const ours = fieldsOf(bytes);
        expect(ours.events).to.have.length(270);
        expect(ours.published).to.have.length(30);
        const xml = read(file);
        // The tools print a line of their own first.
        expect(fieldsOf(xml.slice(xml.indexOf('<')))).to.deep.equal(ours);
      });
    }
  }
});
