import type { ProtocolError } from '../../protocol/errors';
import { Framer } from '../../protocol/framer';
import { HEADER_SIZE } from '../../protocol/pdu-layouts';
import type { Hooks } from './hooks/hooks';

/** The byte stream of one connection, cut into PDUs. */
export class Inbound {
  readonly #framer: Framer;
  #received = 0;
  #wasSplitBehindHeader = false;

  constructor(
    maxFragment: (ptype: number) => number,
    private readonly hooks: Hooks,
  ) {
    this.#framer = new Framer(maxFragment, true);
  }

  /** No byte has come. */
  get isSilent(): boolean {
    return this.#received === 0;
  }

  /** Bytes of a PDU that is not whole. */
  get pending(): number {
    return this.#framer.pending;
  }

  /** Bytes of whole PDUs so far. */
  get consumed(): number {
    return this.#framer.consumed;
  }

  /** The last read began behind the header of a PDU. */
  get wasSplitBehindHeader(): boolean {
    return this.#wasSplitBehindHeader;
  }

  /** Why the stream has no next PDU, where the whole ones before that were handed out. */
  get failure(): ProtocolError | null {
    return this.#framer.failure;
  }

  remainder(): Uint8Array {
    return this.#framer.remainder();
  }

  /** @throws ProtocolError as `Framer.push` does */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#received += bytes.length;
    this.#wasSplitBehindHeader = this.#framer.pending === HEADER_SIZE;
    return this.hooks.split(this.#framer, bytes);
  }
}
