import { expect } from 'chai';
import { parseEventLog } from '../read-log';
import type { EventLog } from '../read-log';
import { type MadeEvent, writeEvtx } from '../testing/evtx-writer';

const cmid = (number: number): string => `d72b1ba1-9092-4185-8ba0-${String(number).padStart(12, '0')}`;
const fields = (number: number): string[] => [
  '0x0',
  '25',
  `pc-${number}.example.test`,
  cmid(number),
  '2026/11/21 7:16',
  '0',
  '2',
  '43200',
  'b92e9980-b9d5-4821-9c94-140f632f6312',
];
const request = (number: number): MadeEvent => ({ id: 12290, data: [fields(number).join(', ')] });
const requests = (count: number): MadeEvent[] => Array.from({ length: count }, (_, i) => request(i + 1));
const read = (bytes: Uint8Array): EventLog => parseEventLog(bytes, 'kms.evtx');
const cmidsOf = (log: EventLog): string[] => [...log.events].map(({ clientMachineId }) => clientMachineId);
const cmids = (count: number): string[] => Array.from({ length: count }, (_, i) => cmid(i + 1));

describe('.evtx', () => {
  for (const data of ['array', 'nested'] as const) {
    it(`is read over several chunks, its strings as ${data === 'array' ? 'one array' : 'values of a template within'}`, () => {
      const log = read(writeEvtx(requests(700), { data }));
      expect(log).to.deep.include({ format: 'evtx', others: 0, unreadable: 0, warnings: [] });
      expect(cmidsOf(log)).to.deep.equal(cmids(700));
      expect(log.events.at(699)).to.deep.equal({
        hresult: 0,
        requiredClientCount: 25,
        workstationName: 'pc-700.example.test',
        clientMachineId: cmid(700),
        clientTime: '2026/11/21 7:16',
        clientMinute: Date.UTC(2026, 10, 21, 7, 16) / 60_000,
        isVirtualMachine: 0,
        licenseStatus: 2,
        bindingExpirationMinutes: 43_200,
        skuId: 'b92e9980-b9d5-4821-9c94-140f632f6312',
        where: 'event record 700',
      });
      expect(log.events.loggedAt.at(0)).to.equal(Date.UTC(2026, 10, 21, 7, 16, 54));
    });

    it(`is read with nine strings and with ten, as ${data}`, () => {
      const whole = fields(2).join(',');
      const log = read(
        writeEvtx(
          [
            { id: 12290, data: fields(1) },
            { id: 12290, data: [whole, ...fields(2)] },
          ],
          { data },
        ),
      );
      expect(cmidsOf(log)).to.deep.equal(cmids(2));
      expect(log.warnings).to.deep.equal([]);
    });
  }

  it('gives the other events of KMS, and leaves those of other software with the same numbers', () => {
    const log = read(
      writeEvtx([
        { id: 12294, data: ['corp.example.test'] },
        { id: 12293, data: ['0x80072338', 'lab.example.test'] },
        { id: 12293, data: ['0x80070005'], provider: 'VSS' },
        { id: 12290, data: ['Volume Shadow Copy'], provider: 'VSS' },
        { id: 12289, data: ['0x0, 0x0, 1, 0, 27, 120, 10080, 2026/11/21 7:16'] },
        request(1),
      ]),
    );
    expect(log.publications.map(({ domain, hresult }) => ({ domain, hresult }))).to.deep.equal([
      { domain: 'corp.example.test', hresult: null },
      { domain: 'lab.example.test', hresult: 0x80072338 },
    ]);
    expect(log.clientAnswers).to.have.length(1);
    expect(log.clientAnswers[0]).to.include({
      activated: true,
      currentClientCount: 27,
      renewalIntervalMinutes: 10_080,
    });
    expect({ unreadable: log.unreadable, others: log.others }).to.deep.equal({ unreadable: 0, others: 5 });
  });

  it('is read to its end after every cut, and says that it was cut', () => {
    const bytes = writeEvtx(requests(120), { recordsPerChunk: 50 });
    let last = 0;
    for (let length = 4096 + 1024; length < bytes.length; length += 3001) {
      const log = tryRead(bytes.subarray(0, length));
      const found = log === null ? 0 : cmidsOf(log).length;
      expect(found, `of ${length} bytes`).to.be.at.least(last);
      if (log !== null) expect(cmidsOf(log)).to.deep.equal(cmids(found));
      last = found;
      if (log !== null && (length - 4096) % 65_536 !== 0)
        expect(log.warnings.join()).to.contain('ends within a chunk');
    }
    expect(last).to.be.at.least(100);
  });

  it('goes on behind a record and a chunk that are damaged, and reads lines of which the template is lost', () => {
    const bytes = writeEvtx(requests(150), { recordsPerChunk: 50 });
    const chunk = 4096 + 65_536;
    // The first record of the second chunk carries its template: its first name is no name any more.
    const template = bytes.indexOf('4500760065006e0074000000', chunk, 'hex');
    bytes.fill(0xee, template - 12, template + 12);
    const log = read(bytes);
    expect(cmidsOf(log)).to.include(cmid(50)).and.to.include(cmid(101));
    expect(cmidsOf(log)).to.include(cmid(75));
    expect(log.warnings.join('\n')).to.contain('a checksum that does not fit');
    bytes.fill(0, chunk, chunk + 8);
    expect(read(bytes).warnings.join('\n')).to.contain('chunk 1: a chunk that does not begin as one');
  });

  it('reads what a host that runs had not yet told in its headers', () => {
    const bytes = writeEvtx(requests(40), { dirty: true });
    // The chunk's header is of the time of its tenth record; the file's counts no chunk.
    const tenth = indexOfRecord(bytes, 11);
    bytes.writeUInt32LE(tenth - 4096, 4096 + 48);
    bytes.writeUInt16LE(0, 42);
    const log = read(bytes);
    expect(cmidsOf(log)).to.deep.equal(cmids(40));
    expect(log.warnings).to.deep.equal([]);
  });

  it('leaves older records behind the end of a chunk that was written again', () => {
    const old = writeEvtx(requests(40).map((event, i) => ({ ...event, recordId: i + 1 })));
    const fresh = writeEvtx([{ ...request(90), recordId: 500 }]);
    const free = fresh.readUInt32LE(4096 + 48);
    const boundary = indexOfRecord(old, 20);
    const slack = old.subarray(boundary, 4096 + 65_536 - free + (boundary - 4096));
    fresh.set(slack.subarray(0, 65_536 - free), 4096 + free);
    expect(cmidsOf(read(fresh))).to.deep.equal([cmid(90)]);
  });

  it('may hold nothing', () => {
    const empty = read(writeEvtx([]));
    expect({ events: empty.events.length, others: empty.others, warnings: empty.warnings }).to.deep.equal({
      events: 0,
      others: 0,
      warnings: [],
    });
  });
});

function tryRead(bytes: Uint8Array): EventLog | null {
  try {
    return read(bytes);
  } catch (error) {
    expect((error as Error).name).to.equal('EventLogError');
    return null;
  }
}

/** Where the record with a number begins: signature, size, number. */
function indexOfRecord(bytes: Buffer, number: number): number {
  for (let at = bytes.indexOf('2a2a0000', 0, 'hex'); at >= 0; at = bytes.indexOf('2a2a0000', at + 1, 'hex')) {
    if (bytes.readBigUInt64LE(at + 8) === BigInt(number)) return at;
  }
  throw new Error(`no record ${number}`);
}
