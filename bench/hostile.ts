import { Bench } from 'tinybench';
import { encodePdu, encodeRequestStub, PTYPE, stubEncoding } from '../protocol';
import { Association } from '../harness/lab-host/association';
import { AssociationGroups } from '../harness/lab-host/association-groups';
import { LabKms } from '../harness/lab-host/kms';
import { resolveSettings } from '../harness/lab-host/settings';
import { decodeAsEverything } from '../protocol/testing/decode-all';
import { mutate, seededRandom } from '../protocol/testing/mutate';
import { cutPdus, recordedConnections, recordedMessages, recordedPdus } from '../protocol/testing/recordings';
import { expectNoLookBeyond } from '../protocol/testing/surroundings';
import type { BenchReport, BenchSection } from './section';

const SEED = 5;
const MUTANTS = 1_000_000;
/** A hostile input may cost a host this much of a good one. */
const AT_MOST = 2;

const NDR32 = stubEncoding('ndr32');
const { request, response } = recordedMessages();
const callPdus = recordedPdus()
  .map(({ bytes }) => bytes)
  .filter((bytes) => bytes[2] === 0 && bytes.length === 284);

const settings = resolveSettings({ seed: 1 });
const host = {
  kms: new LabKms(settings),
  hooks: settings.hooks,
  ndr64: false,
  port: 1688,
  groups: new AssociationGroups(),
};
const [bind] = cutPdus(recordedConnections('v4-threshold-clients.pcap')[0]!.sent);

/** All that a host does with a client that binds and sends these bytes: frame, decode, count, sign, answer. */
function serve(bytes: Uint8Array): void {
  const association = new Association(host);
  if (bytes[2] !== PTYPE.bind) association.receive(bind!);
  association.receive(bytes);
}

/** The same PDU cut off, with a frag_length to match: the cut shows in the stub or in the message only. */
const truncated = callPdus.map((pdu) => {
  const cut = Buffer.from(pdu.subarray(0, pdu.length - 20));
  cut.writeUInt16LE(cut.length, 8);
  return cut;
});
const lying = request.slice(0, 50).map((recorded) =>
  Buffer.from(
    encodePdu({
      kind: 'request',
      header: {},
      body: {
        contextId: 0,
        opnum: 0,
        stub: encodeRequestStub({ maxCount: 0xffffffffn, message: recorded }, NDR32),
      },
    }),
  ),
);
const good = callPdus;

function mutants(originals: readonly Uint8Array[]): Buffer[] {
  const random = seededRandom(SEED);
  return Array.from({ length: 400 }, (_, i) => mutate(originals[i % originals.length]!, random));
}

/** A bind that claims as many contexts as there can be, and brings octets for all of them. */
const widestBind = encodePdu({
  kind: 'bind',
  header: {},
  body: {
    maxXmitFrag: 5840,
    maxRecvFrag: 5840,
    contexts: Array.from({ length: 255 }, (_, contextId) => ({
      contextId,
      abstractSyntax: { uuid: '51c82175-844e-4750-b0d8-ec255555bc06', major: 1, minor: 0 },
      transferSyntaxes: Array.from({ length: 10 }, () => ({
        uuid: '8a885d04-1ceb-11c9-9fe8-08002b104860',
        version: 2,
      })),
    })),
  },
});

interface Pair {
  readonly what: string;
  readonly good: readonly Uint8Array[];
  readonly hostile: readonly Uint8Array[];
  /** `byte` where the two differ in size. */
  readonly per: 'input' | 'byte';
}

const requestMutants = mutants(request).map((mutant) =>
  encodePdu({
    kind: 'request',
    header: {},
    body: { contextId: 0, opnum: 0, stub: encodeRequestStub({ message: mutant }, NDR32) },
  }),
);

const pairs: readonly Pair[] = [
  { what: 'PDUs that are cut off', good, hostile: truncated, per: 'input' },
  { what: 'requests whose maximum count lies', good, hostile: lying, per: 'input' },
  { what: 'mutants of PDUs', good, hostile: mutants(good), per: 'input' },
  { what: 'mutants of request messages', good, hostile: requestMutants, per: 'input' },
  {
    what: 'random bytes',
    good,
    hostile: Array.from({ length: 100 }, (_, i) => randomBytes(284, i)),
    per: 'input',
  },
  { what: 'the widest bind, by the byte', good: [bind!], hostile: [widestBind], per: 'byte' },
];

function randomBytes(size: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
}

async function compare(pair: Pair, report: BenchReport): Promise<void> {
  const bench = new Bench({ time: 250, warmupTime: 100 });
  for (const side of ['good', 'hostile'] as const) {
    const inputs = pair[side];
    const rounds = Math.max(1, Math.floor(300 / inputs.length));
    bench.add(side, () => {
      for (let round = 0; round < rounds; round++) for (const input of inputs) serve(input);
    });
  }
  await bench.run();
  const cost = (side: 'good' | 'hostile'): number => {
    const { result } = bench.getTask(side)!;
    if (result.state !== 'completed') throw new Error(`${pair.what}: ${result.state}`);
    const inputs = pair[side];
    const perRun = Math.max(1, Math.floor(300 / inputs.length)) * inputs.length;
    const bytes = pair.per === 'byte' ? inputs[0]!.length : 1;
    return result.latency.p50 / perRun / bytes;
  };
  report.measured(`${pair.what}: time against good ones`, cost('hostile') / cost('good'), 'times', {
    atMost: AT_MOST,
  });
}

/** Decoded in one go: the clock is looked at around so many, and what is kept alive stays small. */
const CHUNK = 10_000;

/**
 * A million mutants through everything that reads bytes from a peer: no error but ProtocolError, no look beyond the bytes that were handed
 * in, and no more than twice the time of what they were made from.
 * @throws Error with the bytes of the first mutant that does otherwise
 */
function survive(report: BenchReport): void {
  const random = seededRandom(SEED);
  const originals = [...recordedPdus().map(({ bytes }) => bytes), ...request, ...response];
  let mutantMs = 0;
  let goodMs = 0;
  for (let done = 0; done < MUTANTS; done += CHUNK) {
    const from = Array.from({ length: CHUNK }, () => originals[Math.floor(random() * originals.length)]!);
    const mutated = from.map((original) => mutate(original, random));
    goodMs += timeOf(() => from.forEach(decodeAsEverything));
    mutantMs += timeOf(() => mutated.forEach(decodeAsEverything));
    mutated.forEach(expectNoLookBeyond);
  }
  const what = `${MUTANTS} mutants, seed ${SEED}`;
  report.measured(`${what}: no error but ProtocolError, no look beyond`, mutantMs, 'ms');
  report.measured(`${what}: time against good ones`, mutantMs / goodMs, 'times', { atMost: AT_MOST });
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

export const section: BenchSection = {
  name: 'hostile',
  title: 'what hostile input costs a host against good input, and a million mutants',
  async run(report) {
    for (const pair of pairs) await compare(pair, report);
    survive(report);
  },
};
