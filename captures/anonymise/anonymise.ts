import { realpathSync } from 'node:fs';
import { CaptureError } from '../capture-error';
import { openLogged } from '../open-capture';
import { type AssociationOptions, KmsAssociation } from '../rpc/association';
import { LayerTable } from '../layers/registers';
import type { Connection } from '../tcp/connection';
import { ConnectionFeed } from '../tcp/connection-feed';
import type { CaptureWarning } from '../warnings';
import { type ByteSink, FileSink } from '../write/byte-sink';
import { PcapWriter } from '../write/pcap-writer';
import { PcapngWriter } from '../write/pcapng-writer';
import type { CapturedPacket } from '../packet';
import { UnknownLayerError } from './layer-rewriter';
import { MessageRewriter, type RewriteCounts } from './message-rewriter';
import { OrderedOutput } from './ordered-output';
import { PacketRewriter } from './packet-rewriter';
import { ConnectionPlan } from './plan';
import { Pseudonyms } from './pseudonyms';

/** How a capture is made anonymous. */
export interface AnonymiseOptions extends AssociationOptions {
  /** The same secret replaces the same by the same, in every capture. Who has it can find out what stood there: 128 random bits. */
  readonly secret: string | Uint8Array;
  /** UDP ports on which VXLAN is spoken, besides 4789 and 8472. */
  readonly vxlanPorts?: readonly number[] | undefined;
  /** Gives up: half of a capture is none. */
  readonly signal?: AbortSignal | undefined;
}

/** What was written of a capture, and what was left out or replaced. */
export interface AnonymiseReport extends Readonly<RewriteCounts> {
  /** Packets written, and those left out because they belong to no KMS connection. */
  readonly packets: number;
  readonly leftOut: number;
  readonly warnings: readonly CaptureWarning[];
}

/**
 * Writes a capture without what tells who took part: workstation names, machine ids, hardware and IP addresses and ePIDs are
 * replaced consistently, lengths stay, checksums are right, MACs are zeros. Sealed messages cannot be rewritten: their encrypted part becomes
 * other random bytes, and the report counts them. Only packets of KMS connections are written, and of these nothing that was
 * not understood: payload outside of known PDUs becomes zeros, and comments and names in the file are left out. The input
 * is read twice, so it must be a file; KMS payload is held in memory in between.
 * @param output a path, written as pcap where the input is pcap, else as pcapng, or a sink
 * @throws the reason of `signal`; CaptureError as `readExchanges` does, `same-file` where output and input are one, `no-kms` where nothing is to be
 * written, and `unsupported` for KMS inside of headers whose addresses cannot be replaced
 */
export async function anonymise(
  input: string,
  output: string | ByteSink,
  options: AnonymiseOptions,
): Promise<AnonymiseReport> {
  if (typeof output === 'string') refuseSameFile(input, output);
  const pseudonyms = new Pseudonyms(options.secret);
  const messages = new MessageRewriter(pseudonyms);
  const { plans, warnings } = await planConnections(input, messages, options);
  const { capture } = await openLogged(input);
  const sink = typeof output === 'string' ? new FileSink(output) : output;
  try {
    const ordered = await rewrite();
    if (ordered.written === 0) throw nothingToWrite(input);
    return { ...messages.counts, packets: ordered.written, leftOut: ordered.leftOut, warnings };
  } finally {
    sink.close();
    await capture.close();
  }

  async function rewrite(): Promise<{ written: number; leftOut: number }> {
    let rewriter: PacketRewriter | null = null;
    const writers = new LazyWriter(sink, capture.format);
    const out = new OrderedOutput(writers);
    for await (const batch of capture.batches()) {
      options.signal?.throwIfAborted();
      rewriter ??= new PacketRewriter(plans, pseudonyms, out, (link) => writers.interfaceOf(link), options);
      for (const packet of batch) rewriteOne(rewriter, packet, input);
    }
    rewriter?.finish();
    writers.begin();
    return { written: out.written, leftOut: rewriter?.leftOut ?? 0 };
  }
}

/** The first reading: what each direction of each connection is to carry. */
async function planConnections(
  input: string,
  messages: MessageRewriter,
  options: AnonymiseOptions,
): Promise<{ plans: ReadonlyMap<number, ConnectionPlan>; warnings: readonly CaptureWarning[] }> {
  const { capture, log } = await openLogged(input);
  const plans = new Map<number, ConnectionPlan>();
  const makeReader = (connection: Connection): KmsAssociation => {
    const plan = new ConnectionPlan(messages);
    plans.set(connection.index, plan);
    return new KmsAssociation(connection, plan, log, options);
  };
  const feed = new ConnectionFeed(log, makeReader, null, new LayerTable(options.vxlanPorts));
  for await (const batch of capture.batches()) {
    options.signal?.throwIfAborted();
    feed.push(batch);
  }
  feed.finish();
  return { plans: new Map([...plans].filter(([, plan]) => plan.used)), warnings: log.list };
}

/** Writes the header of the file when the link type is known, and declares interfaces as they are met. */
class LazyWriter {
  readonly #interfaces = new Map<number, number>();
  #writer: PcapWriter | PcapngWriter | null = null;

  constructor(
    private readonly sink: ByteSink,
    private readonly format: 'pcap' | 'pcapng',
  ) {}

  begin(linkType?: number): PcapWriter | PcapngWriter {
    this.#writer ??=
      this.format === 'pcap'
        ? new PcapWriter(this.sink, linkType === undefined ? {} : { linkType })
        : new PcapngWriter(this.sink, { firstInterface: null });
    return this.#writer;
  }

  interfaceOf(linkType: number): number {
    const writer = this.begin(linkType);
    if (writer instanceof PcapWriter) return 0;
    let id = this.#interfaces.get(linkType);
    if (id === undefined) this.#interfaces.set(linkType, (id = writer.addInterface({ linkType })));
    return id;
  }

  packet(packet: Parameters<PcapWriter['packet']>[0]): void {
    this.begin().packet(packet);
  }

  close(): void {
    this.sink.close();
  }
}

/** @throws CaptureError where the packet is inside of something whose names cannot be replaced: better no file than one that tells */
function rewriteOne(rewriter: PacketRewriter, packet: CapturedPacket, file: string): void {
  try {
    rewriter.push(packet);
  } catch (error) {
    if (!(error instanceof UnknownLayerError)) throw error;
    const problem =
      'a KMS packet is inside of headers, or of a datagram in fragments, whose addresses cannot be replaced; record it outside of that tunnel';
    const details = { code: 'unsupported', file, offset: packet.fileOffset, problem } as const;
    throw new CaptureError(details, { cause: error });
  }
}

function nothingToWrite(file: string): CaptureError {
  const problem =
    'no packet of a KMS connection was found, so that nothing would be written; "kmsspec inspect" tells what it holds';
  return new CaptureError({ code: 'no-kms', file, offset: 0, problem });
}

function refuseSameFile(input: string, output: string): void {
  const real = (path: string): string => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  };
  if (real(input) !== real(output)) return;
  const problem = 'the output would overwrite the input; name another output file';
  throw new CaptureError({ code: 'same-file', file: input, offset: 0, problem });
}
