import type { Evidence } from '../../../reports/results/result';
import type { Closing, ConnectionObserver, ObservedConnection } from '../../client';
import { evidenceOfPiece } from '../../client/evidence';

/** Of a long conversation, so many turns from its beginning and from its end are kept. */
const FIRST = 12;
const LAST = 8;
/** Bytes of a turn that are kept. */
const MOST_BYTES = 4096;

/** What went one way over a connection before anything came the other way. */
interface Turn {
  readonly direction: Evidence['direction'];
  readonly connection: number;
  writes: number;
  size: number;
  bytes: Uint8Array;
  end: Closing | null;
}

/** A conversation in a bounded part of it: its beginning, its end, and how much was between. */
export interface KeptConversation {
  readonly evidence: readonly Evidence[];
  /** What was left out stands between `evidence[after - 1]` and `evidence[after]`. */
  readonly leftOut: { readonly after: number; readonly turns: number };
  readonly connections: number;
}

/** Keeps the beginning and the end of what goes over connections, however much it is. */
export class Conversation implements ConnectionObserver {
  readonly #first: Turn[] = [];
  readonly #last: Turn[] = [];
  readonly #current = new Map<number, Turn>();
  readonly #connections = new Set<number>();
  #leftOut = 0;

  opened({ index }: ObservedConnection): void {
    this.#connections.add(index);
  }

  sent({ index }: ObservedConnection, bytes: Uint8Array): void {
    this.#add('sent', index, bytes);
  }

  received({ index }: ObservedConnection, bytes: Uint8Array): void {
    this.#add('received', index, bytes);
  }

  closed({ index }: ObservedConnection, how: Closing): void {
    const turn = this.#current.get(index);
    if (turn !== undefined) turn.end = how;
  }

  #add(direction: Turn['direction'], connection: number, bytes: Uint8Array): void {
    const turn = this.#turnOf(direction, connection);
    turn.writes++;
    turn.size += bytes.length;
    const room = MOST_BYTES - turn.bytes.length;
    if (room > 0) turn.bytes = Uint8Array.from(Buffer.concat([turn.bytes, bytes.subarray(0, room)]));
  }

  #turnOf(direction: Turn['direction'], connection: number): Turn {
    const current = this.#current.get(connection);
    if (current?.direction === direction) return current;
    const turn = { direction, connection, writes: 0, size: 0, bytes: new Uint8Array(0), end: null };
    this.#current.set(connection, turn);
    if (this.#first.length < FIRST) this.#first.push(turn);
    else this.#last.push(turn);
    if (this.#last.length > LAST) {
      this.#last.shift();
      this.#leftOut++;
    }
    return turn;
  }

  get kept(): KeptConversation {
    const before = this.#first.flatMap(evidenceOf);
    return {
      evidence: [...before, ...this.#last.flatMap(evidenceOf)],
      leftOut: { after: before.length, turns: this.#leftOut },
      connections: this.#connections.size,
    };
  }
}

/** How a connection ended, where it is not the client that was done with it. */
const ENDS: Readonly<Partial<Record<Closing, string>>> = {
  'local-reset': 'then the client resets the connection',
  'remote-fin': 'then the host closes the connection',
  'remote-reset': 'then the host resets the connection',
};

/** The PDUs of a turn; the first says how it came where that is not in one piece, the last what followed. */
function evidenceOf({ direction, connection, writes, size, bytes, end }: Turn): Evidence[] {
  const pieces = writes > 1 && direction === 'sent' ? [`in ${writes} writes`] : [];
  const part = size > bytes.length ? [`the first ${bytes.length} of ${size} octets`] : [];
  const ending = end === null ? undefined : ENDS[end];
  const pdus = evidenceOfPiece({ direction, connection, bytes });
  return pdus.map((pdu, at) => {
    const notes = [
      ...(at === 0 ? [...pieces, ...part] : []),
      ...(at === pdus.length - 1 && ending !== undefined ? [ending] : []),
    ];
    return notes.length === 0 ? pdu : { ...pdu, note: notes.join(', ') };
  });
}
