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
import { AssociationWarnings } from './association-warnings';
import { type AssembledCall, CallAssembler, type RecordedPdu } from './call-assembler';
import { PresentationContexts, syntaxByShape } from './contexts';
import { isKmsRequest } from './kms-shape';
import { PduCutter } from './pdu-cutter';
import { Roles } from './roles';
import { AssociationStory } from './story';

/** The port that KMS hosts listen on unless configured otherwise. */
export const KMS_PORT = 1688;

const MAX_FOREIGN_CALLS = 256;

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

/**
 * Reads one TCP connection as DCE/RPC, if that is what it carries, and hands on the calls to the KMS interface. What turns out to
 * be something else is let go at its first bytes.
 */
export class KmsAssociation implements ConnectionReader {
  readonly #cutters: readonly [PduCutter, PduCutter];
  readonly #contexts = new PresentationContexts();
  readonly #story = new AssociationStory();
  readonly #requests: CallAssembler<'request'>;
  readonly #answers: CallAssembler<'response'>;
  /** Ids of calls that turned out not to be KMS's: nor are their answers. */
  #foreignCalls: Set<number> | null = null;
  /** The port says that this is KMS, whether or not a bind does. */
  readonly #trusted: boolean;
  /** Whether any PDU was seen. */
  #begun = false;
  /** Whether anything came, or was missing, in each direction. */
  readonly #heard: [boolean, boolean] = [false, false];
  readonly #roles: Roles;
  readonly #warnings: AssociationWarnings;
  #lastSyntax: TransferSyntax | undefined;
  #lastMark: PacketMark | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly listener: AssociationListener,
    warnings: WarningLog,
    { port }: AssociationOptions,
  ) {
    this.#trusted = connection.ports.includes(port ?? KMS_PORT);
    if (!this.#trusted && port !== undefined) connection.ignore();
    this.#warnings = new AssociationWarnings(connection, warnings);
    this.#roles = new Roles(connection.sawStart ? 0 : -1);
    if (this.#trusted) connection.story = this.#story;
    const tell = (what: string): void => this.#warnings.odd(what, this.#lastMark);
    this.#requests = new CallAssembler(tell);
    this.#answers = new CallAssembler(tell);
    this.#cutters = [this.#cutter(0), this.#cutter(1)];
  }

  /** Calls are read: the interface was asked for, or the port tells. */
  get #isKms(): boolean {
    return this.#trusted || this.#contexts.sawKms;
  }

  data(direction: Direction, bytes: Buffer, mark: PacketMark): void {
    this.#lastMark = mark;
    const isFirst = !this.#begun && !this.#heard[direction];
    this.#heard[direction] = true;
    if (isFirst && bytes[0] !== 5 && (!this.#trusted || this.connection.sawStart)) {
      // What a connection starts with tells its protocol; on the port of KMS that is of interest.
      this.#story.foreign = Buffer.from(bytes.subarray(0, 16));
      this.connection.ignore();
      return;
    }
    this.#cutters[direction].push(bytes, mark);
  }

  gap(direction: Direction, length: number, mark: PacketMark, cut: boolean): void {
    if (!this.#isKms) {
      // Without its first bytes nothing tells what a connection carries.
      if (!this.#begun) this.connection.ignore();
      else this.#cutters[direction].gap(length);
      return;
    }
    this.#heard[direction] = true;
    this.#warnings.gap(direction, length, mark, cut);
    this.#noteUnread(direction, 'bytes that are not in the capture');
    this.#cutters[direction].gap(length);
    if (this.#roles.client === -1 || direction === this.#roles.client) this.#requests.reset();
    if (direction !== this.#roles.client) this.#answers.reset();
  }

  conflict(direction: Direction, _offset: number, mark: PacketMark): void {
    if (this.#isKms) this.#warnings.conflict(direction, mark);
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
        this.#warnings.lost(direction, position, mark);
        this.#noteUnread(direction, 'octets that are no PDU');
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
      this.#warnings.undecodable(direction, mark, error);
      this.#noteUnread(direction, 'a PDU that does not decode');
    }
  }

  #noteUnread(direction: Direction, what: string): void {
    if (this.#roles.client === -1 || direction === this.#roles.client) this.#story.unread ??= what;
  }

  #interpret(direction: Direction, pdu: Pdu, recorded: RecordedPdu, mark: PacketMark): void {
    if (!this.#roles.mayCome(direction, pdu)) return this.#warnings.wrongEnd(direction, pdu.kind, mark);
    this.#story.client = this.#roles.client;
    switch (pdu.kind) {
      case 'bind':
      case 'alterContext':
        return this.#takeOffer(pdu);
      case 'bindAck':
      case 'alterContextResp':
        this.#story.noteAck(pdu, this.#contexts.offeredKms);
        return this.#contexts.answer(pdu);
      case 'bindNak':
        return this.#story.noteNak(pdu);
      case 'request':
        return this.#takeRequest(direction, pdu, recorded, mark);
      case 'response':
        return this.#takeResponse(direction, pdu, recorded, mark);
      case 'fault':
        return this.#takeFault(direction, pdu, recorded, mark);
      case 'shutdown':
      case 'coCancel':
      case 'orphaned':
      case 'unknown':
        return;
    }
  }

  #takeOffer(pdu: PduOf<'bind'> | PduOf<'alterContext'>): void {
    this.#contexts.offer(pdu);
    this.#story.noteOffer(pdu);
    if (this.#contexts.sawKms) this.connection.story = this.#story;
  }

  #takeRequest(direction: Direction, pdu: PduOf<'request'>, recorded: RecordedPdu, mark: PacketMark): void {
    const request = this.#requests.push(pdu, recorded, mark);
    this.#story.unfinished = request === null;
    if (request === null) return;
    const { body, header } = request.call;
    const known = this.#contexts.syntaxOf(body.contextId);
    const syntax = known ?? syntaxByShape(body.stub, encodingOf(header.drep).bigEndian);
    if (!this.#isKmsCall(request.call, syntax)) {
      this.#story.otherCalls++;
      this.#foreignCalls ??= new Set();
      if (this.#foreignCalls.size < MAX_FOREIGN_CALLS) this.#foreignCalls.add(header.callId);
      return;
    }
    this.#lastSyntax = syntax;
    this.#story.requests++;
    this.listener.request(direction, request, syntax);
  }

  /**
   * By its context where a bind told that; a context that was never offered counts on a connection that is KMS's, for what a host
   * does with a call in it is of interest. Without a bind the call itself has to be one.
   */
  #isKmsCall(call: PduOf<'request'>, syntax: TransferSyntax): boolean {
    const known = this.#contexts.isKms(call.body.contextId);
    return known ?? (this.#contexts.sawKms || isKmsRequest(call, syntax));
  }

  #takeResponse(direction: Direction, pdu: PduOf<'response'>, recorded: RecordedPdu, mark: PacketMark): void {
    const answer = this.#answers.push(pdu, recorded, mark);
    if (answer !== null) this.#handAnswer(direction, answer, pdu.body.contextId);
  }

  #takeFault(direction: Direction, pdu: PduOf<'fault'>, recorded: RecordedPdu, mark: PacketMark): void {
    this.#answers.drop(pdu.header.callId);
    this.#handAnswer(direction, { call: pdu, pdus: [recorded], mark }, pdu.body.contextId);
  }

  #handAnswer(
    direction: Direction,
    answer: AssembledCall<'response'> | RecordedFault,
    contextId: number,
  ): void {
    const { call } = answer;
    if (this.#contexts.isKms(contextId) === false || this.#foreignCalls?.has(call.header.callId) === true)
      return;
    this.#story.answers++;
    if (call.kind === 'fault') this.#story.fault = call.body.status;
    this.listener.answer(
      direction,
      answer,
      this.#contexts.syntaxOf(contextId) ?? this.#lastSyntax ?? 'ndr32',
    );
  }
}
