import { expect } from 'chai';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CaptureError } from '../../../captures';
import { copiesOf } from '../../../captures/testing/copies';
import type { Exchange } from '../../../protocol';
import { PROFILES } from '../../model/profile';
import { packageRoot } from '../../support/package-root';
import { parseFilter, readConversations, Reading, surveyOf } from '.';
import { capture, exchangesOf } from './testing/captures';

const FILE = join(packageRoot(), 'captures/corpus/v4-threshold-clients.pcap');
/** Octets of a packet's record, and of the file's header. */
const HEADERS = 24 + 16;

describe('a recording that is read again', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-replay-'));
    file = join(folder, 'recorded.pcap');
    copyFileSync(FILE, file);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const indexesOf = async (recording: AsyncIterable<Exchange>): Promise<number[]> =>
    (await exchangesOf(recording)).map(({ index }) => index);

  async function failureOf(reading: Promise<unknown>): Promise<CaptureError> {
    const error: unknown = await reading.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(CaptureError);
    return error as CaptureError;
  }

  it('holds the same each time, a file and a stream', async () => {
    const all = Array.from({ length: 30 }, (_, i) => i);
    for (const source of [file, Readable.from([readFileSync(file)])]) {
      const recording = await readConversations(source, { name: 'it' });
      expect([recording.held, recording.size]).to.deep.equal([30, 30]);
      expect(recording.report).to.include({ file: 'it', format: 'pcap' });
      expect(await indexesOf(recording)).to.deep.equal(all);
      expect(await indexesOf(recording)).to.deep.equal(all);
      recording.close();
    }
  });

  it('ends where the first reading did, though the file grows', async () => {
    const recording = await readConversations(file);
    const more = copiesOf(readFileSync(FILE), 3, 60).subarray(24);
    appendFileSync(file, more);
    expect(await indexesOf(recording)).to.have.length(30);
    expect((await readConversations(file)).held).to.be.greaterThan(30);
  });

  it('says so where the file is another, is gone, or is shorter', async () => {
    const changes: Record<string, () => void> = {
      shorter: () => truncateSync(file, HEADERS),
      gone: () => rmSync(file),
      another: () => {
        const content = readFileSync(file);
        rmSync(file);
        writeFileSync(`${file}.new`, content);
        writeFileSync(file, content);
      },
    };
    for (const [name, change] of Object.entries(changes)) {
      copyFileSync(FILE, file);
      const recording = await readConversations(file, { name: 'it' });
      change();
      const error = await failureOf(exchangesOf(recording));
      expect(error.code, name).to.equal('changed');
      expect(error.message, name).to.match(/^it: it changed while it was replayed/);
    }
  });

  it('says so where it holds other exchanges than before, though it is as long or longer', async () => {
    const recording = await readConversations(file);
    const content = readFileSync(file);
    writeFileSync(file, Buffer.concat([content.subarray(0, 24), content]));
    expect((await failureOf(exchangesOf(recording))).code).to.equal('changed');
  });

  it('tells with each request what its client sent since the one before, binds of those left out too', async () => {
    const kinds = async (terms?: string): Promise<string[]> => {
      const filter = terms === undefined ? undefined : parseFilter(terms);
      const recording = await capture('v4-one-connection-ndr64', { filter });
      const found: string[] = [];
      for await (const { exchange, turns } of recording.requests()) {
        expect(turns.at(-1)!.sent).to.deep.equal(exchange.pdus.sent.at(-1));
        found.push(turns.map(({ sent }) => `${sent[2]}`).join(' '));
      }
      return found;
    };
    // A bind (11), an alter_context (14) and requests (0).
    const all = ['11 14 0', ...Array<string>(11).fill('0')];
    expect(await kinds()).to.deep.equal(all);
    expect(await kinds('index=5,11')).to.deep.equal(['11 14 0', '0']);
  });

  it('tells by its first reading what another would', async () => {
    const found: (boolean | null)[] = [];
    for (const name of ['v4-threshold-clients', 'v4-refused', 'v4-one-connection-ndr64']) {
      for (const filter of [undefined, parseFilter('index=1-')]) {
        const recording = await capture(name, { filter });
        for (const profile of Object.values(PROFILES)) {
          for (const keyGroup of ['any', 'r2-c'] as const) {
            const known = recording.surveyFor(profile, keyGroup);
            const { onConnection: _, ...other } = await surveyOf(recording, profile, keyGroup);
            if (known !== null) expect(known).to.include(other);
            found.push(known && known.beganFresh);
          }
        }
      }
    }
    expect(new Set(found)).to.deep.equal(new Set([true, false, null]));
  });

  it('is read as it is asked for, not ahead', async () => {
    writeFileSync(file, copiesOf(readFileSync(FILE), 8, 60));
    const reading = new Reading(file, {});
    let ahead = 0;
    for await (const requests of reading) {
      const index = requests.at(-1)?.exchange.index ?? -1;
      // An exchange is some packets, and so many are read at a time; those of a connection that ended are told within these.
      ahead = Math.max(ahead, reading.packets - 12 * (index + 1));
    }
    expect(reading.packets).to.be.greaterThan(8 * 30 * 4);
    expect(ahead).to.be.lessThan(600);
  });
});
