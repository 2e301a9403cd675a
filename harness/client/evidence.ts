import { decodeHeader, Framer, PTYPE, ProtocolError } from '../../protocol';
import type { Evidence } from '../../reports/results/result';
import { type ConnectionObserver, type ObservedConnection, WallTime } from '.';

/** Writes and reads kept for the report: the last ones of a scenario are what its verdict rests on. */
const KEPT = 12;

/** One write or read. */
export interface EvidencePiece {
  readonly direction: 'sent' | 'received';
  readonly bytes: Uint8Array;
  readonly connection?: number | undefined;
  /** Nanoseconds since 1970-01-01 UTC. */
  readonly atNs?: bigint | undefined;
}

/**
 * Keeps what went over a scenario's connections, as evidence for its report. It is dated by `time`, this computer's, as the
 * report's head is: the client's own clock follows a host whose clock was set forward.
 */
export class EvidenceRecorder implements ConnectionObserver {
  #pieces: EvidencePiece[] = [];
  #cited: readonly Evidence[] = [];
  #sends = 0;
  #owesAnswer = false;

  constructor(private readonly time: WallTime = new WallTime()) {}

  /** Writes since the scenario began. */
  get sends(): number {
    return this.#sends;
  }

  /** True where the last thing on any connection came from the host. */
  get heardLast(): boolean {
    return this.#pieces.at(-1)?.direction === 'received';
  }

  /** True where the host was turned to, and has said nothing since. */
  get owesAnswer(): boolean {
    return this.#owesAnswer;
  }

  opened(): void {
    this.#owesAnswer = true;
  }

  sent(connection: ObservedConnection, bytes: Uint8Array): void {
    this.#sends++;
    this.#owesAnswer = true;
    this.#keep('sent', connection, bytes);
  }

  received(connection: ObservedConnection, bytes: Uint8Array): void {
    this.#owesAnswer = false;
    this.#keep('received', connection, bytes);
  }

  #keep(direction: EvidencePiece['direction'], connection: ObservedConnection, bytes: Uint8Array): void {
    const atNs = this.time.nowNs();
    this.#pieces.push({ direction, connection: connection.index, bytes: new Uint8Array(bytes), atNs });
    if (this.#pieces.length > 4 * KEPT) this.#pieces = this.#pieces.slice(-KEPT);
  }

  /** Takes in what was seen over connections of others, and a verdict rests on: it stands before what it heard itself. */
  cite(evidence: readonly Evidence[]): void {
    this.#cited = evidence;
  }

  /** What it cites, and the last writes and reads, cut into PDUs where they are some. */
  evidence(): Evidence[] {
    return [...this.#cited, ...this.#pieces.slice(-KEPT).flatMap(evidenceOfPiece)];
  }
}

/** A write or a read as evidence, cut into PDUs where it is some. */
export function evidenceOfPiece({ direction, connection, bytes, atNs }: EvidencePiece): Evidence[] {
  const at = atNs === undefined ? undefined : new Date(Number(atNs / 1_000_000n)).toISOString();
  return wholePdus(bytes).map((pdu) => ({
    direction,
    pdu: pduName(pdu),
    hex: Buffer.from(pdu).toString('hex'),
    ...(connection === undefined ? {} : { connection }),
    ...(at === undefined ? {} : { at }),
  }));
}

/** The PDUs that a write or a read consists of, or its bytes as they are. */
function wholePdus(bytes: Uint8Array): Uint8Array[] {
  const framer = new Framer();
  try {
    const pdus = framer.push(bytes);
    return framer.pending === 0 ? pdus : [...pdus, Uint8Array.from(framer.remainder())];
  } catch (error) {
    if (error instanceof ProtocolError) return [bytes];
    throw error;
  }
}

function pduName(bytes: Uint8Array): string {
  if (bytes.length < 16 || bytes[0] !== 5) return 'bytes';
  const { ptype, fragLength } = decodeHeader(bytes);
  if (fragLength !== bytes.length) return 'bytes';
  return Object.entries(PTYPE).find(([, value]) => value === ptype)?.[0] ?? 'bytes';
}
