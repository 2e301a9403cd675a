import {
  decodePdu,
  encodingOf,
  type Pdu,
  type PduOf,
  ProtocolError,
  PTYPE,
  type TransferSyntax,
} from '../../protocol';
import type { PacketMark } from '../packet';
import type { Connection, ConnectionReader } from '../tcp/connection';
import type { Direction } from '../tcp/half-stream';
import type { WarningLog } from '../warnings';
import { type AssembledCall, CallAssembler, type RecordedPdu } from './call-assembler';
import { PresentationContexts, syntaxByShape } from './contexts';
import { PduCutter } from './pdu-cutter';

/** The port that KMS hosts listen on unless configured otherwise. */
export const KMS_PORT = 1688;

/** A fault is one PDU. */
export interface RecordedFault {
  readonly call: PduOf<'fault'>;
  readonly pdus: readonly RecordedPdu[];
  readonly mark: PacketMark;
}

/** Told what an association carries. Marks and bytes may be kept. */
export interface AssociationListener {
  /** Every PDU that is whole, in the order of its direction, before what it means. */
  pdu?(direction: Direction, recorded: RecordedPdu, pdu: Pdu | null): void;
  request(direction: Direction, request: AssembledCall<'request'>, syntax: TransferSyntax): void;
  answer(
    direction: Direction,
    answer: AssembledCall<'response'> | RecordedFault,
    syntax: TransferSyntax,
  ): void;
  end(mark: PacketMark): void;
}

export interface AssociationOptions {
  /**
   * Read connections with this port, bind or no bind, and no others. Without it those that bind the KMS interface on any
   * port, and those on port 1688 that began before the capture.
   */
  readonly port?: number | undefined;
}

const FROM_CLIENT: ReadonlySet<string> = new Set(['bind', 'alterContext', 'request', 'coCancel', 'orphaned']);
const FROM_HOST: ReadonlySet<string> = new Set([
  'bindAck',
  'bindNak',
  'alterContextResp',
  'response',
  'fault',
  'shutdown',
]);

/**
 * Reads one TCP connection as DCE/RPC, if that is what it carries, and hands on the calls to the KMS interface. What turns out to
 * be something else is let go at its first bytes.
 */
export class KmsAssociation implements ConnectionReader {
  readonly #cutters: readonly [PduCutter, PduCutter];
  readonly #contexts = new PresentationContexts();
  readonly #requests = new CallAssembler<'request'>();
  readonly #answers = new CallAssembler<'response'>();
  /** The port says that this is KMS, whether or not a bind does. */
  readonly #trusted: boolean;
  /** Whether any PDU was seen. */
  #begun = false;
  /** The direction in which the client sends, -1 until that shows. */
  #client: Direction | -1;
  #lastSyntax: TransferSyntax | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly listener: AssociationListener,
    private readonly warnings: WarningLog,
    { port }: AssociationOptions,
  ) {
    this.#trusted = connection.ports.includes(port ?? KMS_PORT);
    if (!this.#trusted && port !== undefined) connection.ignore();
    this.#client = connection.sawStart ? 0 : -1;
    this.#cutters = [this.#cutter(0), this.#cutter(1)];
  }

  /** Calls are read: the interface was asked for, or the port tells. */
  get #isKms(): boolean {
    return this.#trusted || this.#contexts.sawKms;
  }

  data(direction: Direction, bytes: Buffer, mark: PacketMark): void {
    if (!this.#begun && bytes[0] !== 5 && !this.#trusted) this.connection.ignore();
    else this.#cutters[direction].push(bytes, mark);
  }

  gap(direction: Direction, length: number, mark: PacketMark, cut: boolean): void {
    if (!this.#isKms) {
      // Without its first bytes nothing tells what a connection carries.
      if (!this.#begun) this.connection.ignore();
      else this.#cutters[direction].gap(length);
      return;
    }
    this.#tellGap(direction, length, mark, cut);
    this.#cutters[direction].gap(length);
    if (this.#client === -1 || direction === this.#client) this.#requests.reset();
    if (direction !== this.#client) this.#answers.reset();
  }

  conflict(direction: Direction, _offset: number, mark: PacketMark): void {
    if (!this.#isKms) return;
    this.warnings.add(
      mark.fileOffset,
      `${this.#name(direction)}: a retransmission differs from the first copy, which is taken`,
    );
  }

  end(mark: PacketMark): void {
    this.listener.end(mark);
  }

  #cutter(direction: Direction): PduCutter {
    return new PduCutter({
      wants: (ptype) => {
        this.#begun = true;
        return this.#isKms || ptype === PTYPE.bind || ptype === PTYPE.alterContext;
      },
      pdu: (bytes, position, mark) => this.#read(direction, { bytes, position }, mark),
      lost: (position, mark) => {
        if (!this.#isKms) return this.connection.ignore();
        const what = `no DCE/RPC header where one should stand, ${position} bytes into the stream`;
        this.warnings.add(
          mark.fileOffset,
          `${this.#name(direction)}: ${what}; reading goes on at the next one`,
        );
      },
    });
  }

  #read(direction: Direction, recorded: RecordedPdu, mark: PacketMark): void {
    let pdu: Pdu | null = null;
    try {
      pdu = decodePdu(recorded.bytes);
      this.listener.pdu?.(direction, recorded, pdu);
      this.#interpret(direction, pdu, recorded, mark);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (pdu === null) this.listener.pdu?.(direction, recorded, null);
      this.warnings.add(
        mark.fileOffset,
        `${this.#name(direction)}: a PDU that does not decode is passed over: ${error.message}`,
      );
    }
  }

  #interpret(direction: Direction, pdu: Pdu, recorded: RecordedPdu, mark: PacketMark): void {
    if (!this.#isFrom(direction, pdu)) {
      const what = `a ${pdu.kind} PDU comes from the wrong end`;
      this.warnings.add(mark.fileOffset, `${this.#name(direction)}: ${what} and is passed over`);
      return;
    }
    switch (pdu.kind) {
      case 'bind':
      case 'alterContext':
        return this.#contexts.offer(pdu);
      case 'bindAck':
      case 'alterContextResp':
        return this.#contexts.answer(pdu);
      case 'request':
        return this.#takeRequest(direction, pdu, recorded, mark);
      case 'response':
        return this.#takeResponse(direction, pdu, recorded, mark);
      case 'fault':
        return this.#takeFault(direction, pdu, recorded, mark);
      case 'bindNak':
      case 'shutdown':
      case 'coCancel':
      case 'orphaned':
      case 'unknown':
        return;
    }
  }

  /** Whether a PDU of this kind may come this way; the first one shows which end is the client. */
  #isFrom(direction: Direction, { kind }: Pdu): boolean {
    const other = direction === 0 ? 1 : 0;
    if (FROM_CLIENT.has(kind)) {
      if (this.#client === -1) this.#client = direction;
      return this.#client === direction;
    }
    if (!FROM_HOST.has(kind)) return true;
    if (this.#client === -1) this.#client = other;
    return this.#client === other;
  }

  #takeRequest(direction: Direction, pdu: PduOf<'request'>, recorded: RecordedPdu, mark: PacketMark): void {
    const request = this.#requests.push(pdu, recorded, mark);
    if (request === null || !this.#isKmsContext(pdu.body.contextId)) return;
    const { body, header } = request.call;
    const known = this.#contexts.syntaxOf(body.contextId);
    this.#lastSyntax = known ?? syntaxByShape(body.stub, encodingOf(header.drep).bigEndian);
    this.listener.request(direction, request, this.#lastSyntax);
  }

  #takeResponse(direction: Direction, pdu: PduOf<'response'>, recorded: RecordedPdu, mark: PacketMark): void {
    const answer = this.#answers.push(pdu, recorded, mark);
    if (answer !== null) this.#handAnswer(direction, answer, pdu.body.contextId);
  }

  #takeFault(direction: Direction, pdu: PduOf<'fault'>, recorded: RecordedPdu, mark: PacketMark): void {
    this.#answers.reset();
    this.#handAnswer(direction, { call: pdu, pdus: [recorded], mark }, pdu.body.contextId);
  }

  #handAnswer(
    direction: Direction,
    answer: AssembledCall<'response'> | RecordedFault,
    contextId: number,
  ): void {
    if (!this.#isKmsContext(contextId)) return;
    this.listener.answer(
      direction,
      answer,
      this.#contexts.syntaxOf(contextId) ?? this.#lastSyntax ?? 'ndr32',
    );
  }

  /** A context that was never offered counts: what a host does with a call in it is of interest. */
  #isKmsContext(contextId: number): boolean {
    return this.#contexts.isKms(contextId) ?? true;
  }

  /** Cuts by a snap length were told once for all packets. */
  #tellGap(direction: Direction, length: number, mark: PacketMark, cut: boolean): void {
    if (cut) return;
    const what = `${length} bytes are missing in the capture`;
    this.warnings.add(mark.fileOffset, `${this.#name(direction)}: ${what}; reading goes on at the next PDU`);
  }

  #name(direction: Direction): string {
    const { index } = this.connection;
    return `connection ${index} (${this.connection.endpoint(direction)} to ${this.connection.endpoint(direction === 0 ? 1 : 0)})`;
  }
}
