import type { Evidence } from '../../../reports/results/result';
import { decodePdu, FORBIDDEN_FAULTS, Framer, PTYPE, ProtocolError } from '../../../protocol';
import type { ConnectionObserver, ObservedConnection } from '../../client';
import { evidenceOfPiece } from '../../client/evidence';

/** A fault whose status no host may send. */
export interface ForbiddenFault {
  readonly status: number;
  /** Its name, such as `STATUS_ACCESS_VIOLATION`. */
  readonly name: string;
  /** What was sent last on its connection, and the fault. */
  readonly evidence: readonly Evidence[];
}

interface Watched {
  readonly framer: Framer;
  lastSent: Uint8Array;
  isReadable: boolean;
}

const PTYPE_OFFSET = 2;

/** Looks at every fault PDU of a run, whichever scenario it answers. */
export class FaultWatch implements ConnectionObserver {
  /** Faults that were read. */
  seen = 0;
  /** The first one that is forbidden; null where there was none. */
  forbidden: ForbiddenFault | null = null;
  readonly #watched = new WeakMap<ObservedConnection, Watched>();

  sent(connection: ObservedConnection, bytes: Uint8Array): void {
    this.#of(connection).lastSent = new Uint8Array(bytes);
  }

  received(connection: ObservedConnection, bytes: Uint8Array): void {
    const watched = this.#of(connection);
    if (!watched.isReadable) return;
    try {
      for (const pdu of watched.framer.push(bytes)) {
        if (pdu[PTYPE_OFFSET] === PTYPE.fault) this.#read(pdu, watched.lastSent);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      watched.isReadable = false;
    }
  }

  #read(bytes: Uint8Array, lastSent: Uint8Array): void {
    const pdu = decodePdu(bytes);
    if (pdu.kind !== 'fault') return;
    this.seen++;
    const { status } = pdu.body;
    const name = FORBIDDEN_FAULTS[status];
    if (name === undefined) return;
    this.forbidden ??= {
      status,
      name,
      evidence: [
        ...evidenceOfPiece({ direction: 'sent', bytes: lastSent }),
        ...evidenceOfPiece({ direction: 'received', bytes: Uint8Array.from(bytes) }),
      ],
    };
  }

  #of(connection: ObservedConnection): Watched {
    let watched = this.#watched.get(connection);
    if (watched === undefined) {
      watched = { framer: new Framer(), lastSent: new Uint8Array(), isReadable: true };
      this.#watched.set(connection, watched);
    }
    return watched;
  }
}
