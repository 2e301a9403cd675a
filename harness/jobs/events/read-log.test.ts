import { expect } from 'chai';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLogError } from './event-error';
import type { LoggedEvent } from './event-line';
import { parseEventLog, readEventLog } from './read-log';

const LINE =
  '0x0, 25, kms03.site5.contoso.com, e5c98033-aab6-4d0b-9af9-1d399597dd56, 2006/1/14 22:36, 1, 2, 40123, cf67834d-db4a-402c-ab1f-2c134f02b700';
const OTHER = LINE.replace('e5c98033', 'e5c98034');

const log = (text: string) => parseEventLog(Buffer.from(text), 'log');
const eventsOf = (text: string | Uint8Array): LoggedEvent[] => [
  ...parseEventLog(typeof text === 'string' ? Buffer.from(text) : text, 'log').events,
];
const cmids = (text: string) => eventsOf(text).map(({ clientMachineId }) => clientMachineId.slice(0, 8));
const failure = (content: string | Uint8Array): EventLogError => {
  try {
    parseEventLog(typeof content === 'string' ? Buffer.from(content) : content, 'kms.log');
  } catch (error) {
    expect(error).to.be.instanceOf(EventLogError);
    return error as EventLogError;
  }
  throw new Error('it was read');
};

const event = (id: number, data: string, record = 7): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-SPP'/>` +
  `<EventID Qualifiers='16384'>${id}</EventID><TimeCreated SystemTime='2006-01-14T22:36:10.000000000Z'/>` +
  `<EventRecordID>${record}</EventRecordID><Channel>Key Management Service</Channel></System><EventData>${data}</EventData></Event>`;

describe('files of event logs', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'kmsspec-log-'))));
  after(() => rm(folder, { recursive: true }));

  const problemOf = async (file: string): Promise<string> => {
    const error: unknown = await readEventLog(file).then(
      () => expect.fail('it was read'),
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(EventLogError);
    return (error as EventLogError).message;
  };

  it('are read from the disk', async () => {
    const file = join(folder, 'kms.log');
    await writeFile(file, `${LINE}\n`);
    expect(await readEventLog(file)).to.include({ file, format: 'text' });
  });

  it('are refused where there is none, where it is a folder, and where it is nothing but zeros', async () => {
    const missing = join(folder, 'none.csv');
    expect(await problemOf(missing))
      .to.contain(missing)
      .and.to.contain('cannot be read (there is no such file)');
    expect(await problemOf(folder)).to.contain('cannot be read (it is a folder)');
    const holes = join(folder, 'holes.xml');
    await writeFile(holes, '');
    await truncate(holes, 300 * 1024 * 1024); // a hole: it takes no room
    expect(await problemOf(holes)).to.contain('the file is binary');
  });
});

describe('exported event logs', () => {
  describe('as CSV', () => {
    it('of the Event Viewer: the last column has no name', () => {
      const text =
        'Level,Date and Time,Source,Event ID,Task Category\r\n' +
        `Information,1/14/2006 10:36:10 PM,Microsoft-Windows-Security-SPP,12290,None,"An activation request has been processed.\r\n\r\nInfo:\r\n${LINE}"\r\n` +
        'Information,1/14/2006 10:36:11 PM,Microsoft-Windows-Security-SPP,12293,None,"Publishing, done"\r\n' +
        `Information,1/14/2006 10:36:12 PM,Microsoft-Windows-Security-SPP,12290,None,"Info: ${OTHER}"\r\n`;
      expect(cmids(text)).to.deep.equal(['e5c98033', 'e5c98034']);
      expect(log(text)).to.include({ format: 'csv', others: 1 });
      expect(log(text).warnings).to.deep.equal([]);
      expect(eventsOf(text)[1]!.where).to.equal('record 3');
    });

    it('of Export-Csv, with its type line, quotes and UTF-16', () => {
      const text =
        '#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"Message","Id","RecordId"\r\n' +
        `"Info:\n${LINE}","12290","1"\r\n"other","12288","2"\r\n`;
      expect(cmids(text)).to.deep.equal(['e5c98033']);
      const utf16 = Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);
      expect(eventsOf(utf16)).to.deep.equal(eventsOf(text));
      const swapped = Buffer.from(utf16).swap16();
      expect(eventsOf(swapped)).to.deep.equal(eventsOf(text));
      expect(eventsOf(`\uFEFF${text}`)).to.have.length(1);
    });

    it('of an Event Viewer that translates its headings', () => {
      const german =
        'Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\r\n' +
        'Informationen,14.01.2006 22:36:11,Microsoft-Windows-Security-SPP,12293,Keine,"Fertig"\r\n' +
        `Informationen,14.01.2006 22:36:10,Microsoft-Windows-Security-SPP,12290,Keine,"Eine Anforderung wurde verarbeitet.\r\n\r\nInfo:\r\n${LINE}"\r\n`;
      expect(cmids(german)).to.deep.equal(['e5c98033']);
      expect(log(german)).to.deep.include({ others: 1, warnings: [] });
      // 12290 minutes are no event id.
      expect(cmids(`${LINE.replace('40123', '12290')}\n`)).to.deep.equal(['e5c98033']);
    });

    it('tells a log that several hosts wrote', () => {
      const rows = ['KMS01.corp.example', 'kms01.corp.example', 'kms02.corp.example'].map(
        (computer) => `12290,"${LINE}",${computer}`,
      );
      expect(log(['Id,Message,MachineName', ...rows.slice(0, 2)].join('\n')).warnings).to.deep.equal([]);
      expect(log(['Id,Message,MachineName', ...rows].join('\n')).warnings).to.deep.equal([
        'log: 2 hosts logged these events (kms01.corp.example, kms02.corp.example); export the log of one',
      ]);
    });

    it('with semicolons, as some languages have it', () => {
      expect(cmids(`Id;Message\r\n12290;"${LINE}"\r\n`)).to.deep.equal(['e5c98033']);
    });

    it('as bare lines', () => {
      expect(cmids(`${LINE}\n\n${OTHER}\n`)).to.deep.equal(['e5c98033', 'e5c98034']);
      expect(log(`${LINE}\nnoise\n`).warnings).to.deep.equal(['log, line 2: no line of an event']);
    });

    it('refuses a log of which no line can be read, and warns where some can', () => {
      expect(failure('Id,Message\n12290,nothing here\n').message).to.contain(
        '1 events 12290, and the line of a request in none',
      );
      const { unreadable, warnings } = log(`Id,Message\n12290,"${LINE}"\n12290,nothing\n12290,here\n`);
      expect(unreadable).to.equal(2);
      expect(warnings).to.deep.equal(['log, record 2: event 12290 without the line of a request; 2 in all']);
    });
  });

  describe('as XML', () => {
    const parts = LINE.split(', ');
    it('with the fields in one <Data> or one each, with or without a root', () => {
      const one = event(12290, `<Data>${LINE}</Data>`);
      const each = event(12290, parts.map((part) => `<Data>${part}</Data>`).join(''), 8);
      const noise = event(12293, '<Data>0x0</Data>');
      for (const text of [
        one + each + noise,
        `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>${one}\r\n${each}\r\n${noise}</Events>`,
      ]) {
        const { format, others, warnings } = log(text);
        const events = eventsOf(text);
        expect({ format, others, warnings }).to.deep.equal({ format: 'xml', others: 1, warnings: [] });
        expect(events.map(({ where }) => where)).to.deep.equal(['event record 7', 'event record 8']);
        expect({ ...events[1]!, where: '' }).to.deep.equal({ ...events[0]!, where: '' });
      }
    });

    it('in UTF-16, as PowerShell redirects what wevtutil prints, and from several hosts', () => {
      const from = (computer: string): string =>
        event(12290, `<Data>${LINE}</Data>`).replace(
          '</System>',
          `<Computer>${computer}</Computer></System>`,
        );
      const text = `<?xml version="1.0" encoding="utf-16"?>\r\n<Events>${from('kms01')}${from('KMS02')}</Events>`;
      const utf16 = Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);
      const { events, warnings } = parseEventLog(utf16, 'log');
      expect([...events]).to.have.length(2);
      expect(warnings).to.deep.equal([
        'log: 2 hosts logged these events (kms01, kms02); export the log of one',
      ]);
    });

    it('reads CDATA and the entities of XML itself', () => {
      const name = LINE.replace('kms03.site5', 'a&amp;b');
      expect(eventsOf(event(12290, `<Data>${name}</Data>`))[0]!.workstationName).to.equal('a&b.contoso.com');
      expect(eventsOf(event(12290, `<Data><![CDATA[${LINE}]]></Data>`))).to.have.length(1);
    });

    it('refuses a DOCTYPE, and so every entity bomb', () => {
      const bomb =
        '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>' +
        event(12290, '<Data>&lol1;</Data>');
      expect(failure(bomb).problem).to.match(/DOCTYPE|not allowed|well-formed/);
      const file = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>';
      expect(failure(file).where).to.match(/^line/);
      expect(failure(event(12290, '<Data>&lol;</Data>')).message).to.contain('the line of a request in none');
    });

    it('says where XML is broken, after every cut', () => {
      const text = event(12290, `<Data>${LINE}</Data>`);
      for (let length = 1; length < text.length; length += 3) {
        const error = failure(text.slice(0, length));
        expect(error.message).to.match(/^kms\.log/);
      }
    });

    it('wants events', () => {
      expect(failure('<Events><Event a=').message).to.contain('holds no whole <Event>');
      expect(failure('<html><body>no</body></html>').message).to.contain('nor lines of events');
    });
  });

  it('refuses what is neither', () => {
    expect(failure('').message).to.contain('empty');
    expect(failure('some text\nmore').message).to.contain('no column of event ids');
    expect(failure(Uint8Array.of(0x45, 0x6c, 0x66, 0x46, 0, 0, 1)).message).to.contain('binary');
    expect(failure('x').message).to.contain('wevtutil');
  });
});
