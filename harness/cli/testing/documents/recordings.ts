import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { CaptureError, exchangeToJson, PcapngWriter, MemorySink, readExchanges } from '../../../../captures';
import { EventLogError, parseEventLog } from '../../../jobs/events';
import { MADE_LOGS } from '../../../jobs/events/testing/made-logs';
import { madeRequests } from '../../../jobs/events/testing/made-requests';
import { corpus } from '../capture-verbs';
import { hasOthers, type OthersDocument, type Read, refusedBy, refusing } from './document';

const PCAP_HEADER = 24;
const RECORD_HEADER = 16;

/** The packets of a pcap of the corpus as `record` writes them: pcapng, each in a piece of its own. */
function asRecorded(pcap: Buffer): Buffer {
  const sink = new MemorySink();
  const writer = new PcapngWriter(sink);
  for (let at = PCAP_HEADER; at < pcap.length; ) {
    const timestampNs = BigInt(pcap.readUInt32LE(at)) * 1_000_000_000n;
    const data = pcap.subarray(at + RECORD_HEADER, at + RECORD_HEADER + pcap.readUInt32LE(at + 8));
    writer.packet({ timestampNs, data });
    at += RECORD_HEADER + data.length;
  }
  return sink.bytes;
}

type ReadExchange = Readonly<Record<string, unknown>>;

async function exchangesIn(capture: Buffer): Promise<Read> {
  const reader = readExchanges(Readable.from([capture]), { name: 'c.pcap' });
  const exchanges: ReadExchange[] = [];
  try {
    for await (const exchange of reader) exchanges.push(exchangeToJson(exchange));
  } catch (error) {
    return refusedBy(CaptureError, 'c.pcap', error);
  }
  return { data: exchanges };
}

/** What a capture that ends in the middle holds was sent so; only the answer of the last may be missing. */
function sentOthers(read: unknown, whole: unknown): string | null {
  const all = whole as readonly ReadExchange[];
  for (const [i, exchange] of (read as readonly ReadExchange[]).entries()) {
    const isUnanswered = [exchange['response'], exchange['refusal'], exchange['fault']].every(
      (answer) => answer === null,
    );
    const { latencyMs: _a, response: _b, refusal: _c, fault: _d, malformed: _e, ...sent } = all[i] ?? {};
    const expected = isUnanswered ? { ...exchange, ...sent } : all[i];
    if (JSON.stringify(exchange) !== JSON.stringify(expected))
      return `exchange ${i} is ${JSON.stringify(exchange)}`;
  }
  return null;
}

/** No octet makes an answer of what was none. */
function moreAnswers(read: unknown, whole: unknown): string | null {
  const answered = (all: unknown): number =>
    (all as readonly ReadExchange[]).filter(({ response }) => response !== null).length;
  return answered(read) > answered(whole) ? `${answered(read)} answers` : null;
}

const capture = (name: string, whole: Buffer): OthersDocument => ({
  ...{ name, whole, isBinary: true, read: exchangesIn },
  cutSaysMore: sentOthers,
  changedSaysMore: moreAnswers,
});

const CHUNK = 4096;
/** An .evtx up to the end of its last record: what is behind is zeros. */
const withoutZeros = (evtx: Buffer): Buffer => evtx.subarray(0, CHUNK + evtx.readUInt32LE(CHUNK + 48) + 64);

/** One of each reader: what else each has of forms is damaged at random by a test of its own. */
const LOGS = new Set([
  'nine-strings.evtx',
  'nine-data.xml',
  'evtxecmd-nine.csv',
  'winlogbeat-nine.json',
  'lines.txt',
]);

const log = ({ name, write }: (typeof MADE_LOGS)[number]): OthersDocument => {
  const bytes = Buffer.from(write(madeRequests(1)) as string);
  return {
    name: `an event log, ${name}`,
    whole: name.endsWith('.evtx') ? withoutZeros(bytes) : bytes,
    isBinary: true,
    read: (content) => refusing(EventLogError, name, () => [...parseEventLog(content, name).events]),
    cutSaysMore: hasOthers,
  };
};

/** What captures and hosts have recorded. */
export const RECORDINGS: readonly OthersDocument[] = [
  capture('v6.pcap', readFileSync(corpus('v6'))),
  capture('a recording', asRecorded(readFileSync(corpus('v4-refused')))),
  ...MADE_LOGS.filter(({ name }) => LOGS.has(name)).map(log),
];
