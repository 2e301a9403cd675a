import { statSync } from 'node:fs';
import { CaptureError } from '../capture-error';
import { type Capture, openLogged } from '../open-capture';
import type { AssociationOptions } from '../rpc/association';
import type { CaptureWarning } from '../warnings';
import { BlockSink, type ByteSink, FileSink } from '../write/byte-sink';
import { PcapWriter } from '../write/pcap-writer';
import { PcapngWriter } from '../write/pcapng-writer';
import type { CapturedPacket } from '../packet';
import { UnknownLayerError } from './layer-rewriter';
import { MessageRewriter, type RewriteCounts } from './message-rewriter';
import { OrderedOutput } from './ordered-output';
import { PacketRewriter } from './packet-rewriter';
import { Planner } from './planner';
import { Pseudonyms } from './pseudonyms';

/** How a capture is made anonymous. */
export interface AnonymiseOptions extends AssociationOptions {
  /** The same secret replaces the same by the same, in every capture. Who has it can find out what stood there: 128 random bits. */
  readonly secret: string | Uint8Array;
  /** UDP ports on which VXLAN is spoken, besides 4789 and 8472. */
  readonly vxlanPorts?: readonly number[] | undefined;
  /** How many octets are planned ahead of what is written; 16 MiB unless told. */
  readonly mostHeld?: number;
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
 * is read twice, the first reading ahead of the second, so it must be a file; memory depends on the connections that are open, not on its size.
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
  const planner = await Planner.open(input, messages, options);
  try {
    await planner.readBeyond(0, options.signal);
    const { capture } = await openLogged(input, { direct: true });
    const sink = typeof output === 'string' ? new FileSink(output) : output;
    const { written, leftOut } = await rewrite(capture, sink).finally(async () => {
      sink.close();
      await capture.close();
    });
    if (written === 0) throw nothingToWrite(input);
    return { ...messages.counts, packets: written, leftOut, warnings: planner.warnings };
  } finally {
    await planner.close();
  }

  async function rewrite(capture: Capture, sink: ByteSink): Promise<{ written: number; leftOut: number }> {
    let rewriter: PacketRewriter | null = null;
    let packets = 0;
    const blocks = new BlockSink(sink);
    const writers = new LazyWriter(blocks, capture.format);
    const out = new OrderedOutput(writers);
    for await (const batch of capture.batches()) {
      options.signal?.throwIfAborted();
      await planner.readBeyond((packets += batch.length), options.signal);
      rewriter ??= new PacketRewriter(planner, pseudonyms, out, (link) => writers.interfaceOf(link), options);
      for (const packet of batch) rewriteOne(rewriter, packet, input);
    }
    // What is missing at the end is told there.
    await planner.readBeyond(Infinity, options.signal);
    rewriter?.finish();
    writers.begin();
    blocks.flush();
    return { written: out.written, leftOut: rewriter?.leftOut ?? 0 };
  }
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

/** However they are called: a link, also a hard one, leads to the same octets. */
function refuseSameFile(input: string, output: string): void {
  const identity = (path: string): string | null => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? `${stats.dev} ${stats.ino}` : null;
  };
  const read = identity(input);
  if (read === null || read !== identity(output)) return;
  const problem = 'the output would overwrite the input; name another output file';
  throw new CaptureError({ code: 'same-file', file: input, offset: 0, problem });
}
