import { ProtocolError } from './errors';
import { CALL_HEADER_SIZE, HEADER_SIZE, PFC } from './pdu-layouts';
import type { PduInputOf, PduOf } from './pdu';

const NOTHING = new Uint8Array(0);
/** Room for the stubs of a KMS call, at the first fragment. */
const FIRST_ROOM = 512;

type CallKind = 'request' | 'response';

/** A call whose fragments have all come: the first one's header and fields, the stubs joined. */
export type WholeCall<K extends CallKind> = PduOf<K> & { readonly fragmentCount: number };

/**
 * Joins the fragments of calls on one connection and in one direction (C706 12.6.3.1: FIRST and LAST of
 * one call_id). A connection carries one fragmented call at a time.
 */
export class Defragmenter<K extends CallKind> {
  #first: PduOf<K> | null = null;
  /** Stubs so far, joined: a piece for each would cost many times the bytes of a call that comes one by one. */
  #stub = NOTHING;
  #size = 0;
  #fragmentCount = 0;

  /** @param maxStub bytes of all fragments together: a call may not grow without end */
  constructor(private readonly maxStub = 1 << 20) {}

  get pending(): boolean {
    return this.#first !== null;
  }

  /** Bytes of stub in the fragments so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes the next fragment and returns the call once it is whole.
   * @throws ProtocolError `bad-value` for a fragment out of its order, `too-long` for a call above the limit
   */
  push(pdu: PduOf<K>): WholeCall<K> | null {
    const { kind, header, body, authTrailer } = pdu;
    const isFirst = (header.pfcFlags & PFC.firstFrag) !== 0;
    const isLast = (header.pfcFlags & PFC.lastFrag) !== 0;
    if (isFirst && this.#first !== null)
      return this.#fail('no FIRST, the call has begun', `FIRST of call ${header.callId}`);
    if (!isFirst && this.#first === null)
      return this.#fail('FIRST', `a later fragment of call ${header.callId}`);
    if (isFirst && isLast) return { kind, header, body, authTrailer, fragmentCount: 1 };
    if (this.#first !== null && this.#first.header.callId !== header.callId) {
      return this.#fail(`a fragment of call ${this.#first.header.callId}`, `one of call ${header.callId}`);
    }
    this.#first ??= pdu;
    this.#fragmentCount++;
    this.#append((body as { stub: Uint8Array }).stub);
    return isLast ? this.#finish() : null;
  }

  #append(stub: Uint8Array): void {
    const size = this.#size + stub.length;
    if (size > this.maxStub) return this.#failTooLong(size);
    if (size > this.#stub.length) {
      const wider = new Uint8Array(Math.min(Math.max(2 * size, FIRST_ROOM), this.maxStub));
      wider.set(this.#stub.subarray(0, this.#size));
      this.#stub = wider;
    }
    this.#stub.set(stub, this.#size);
    this.#size = size;
  }

  #finish(): WholeCall<K> {
    const first = this.#first!;
    const stub = this.#stub.subarray(0, this.#size);
    const fragmentCount = this.#fragmentCount;
    this.reset();
    return { ...first, body: { ...first.body, stub }, fragmentCount };
  }

  reset(): void {
    this.#first = null;
    this.#stub = NOTHING;
    this.#size = 0;
    this.#fragmentCount = 0;
  }

  #fail(expected: string, actual: string): never {
    this.reset();
    throw new ProtocolError({ code: 'bad-value', path: 'rpc.header.pfcFlags', offset: 3, expected, actual });
  }

  #failTooLong(size: number): never {
    const actual = `${size} bytes`;
    this.reset();
    const expected = `stubs of at most ${this.maxStub} bytes in all fragments`;
    throw new ProtocolError({
      code: 'too-long',
      path: 'stub',
      offset: HEADER_SIZE + CALL_HEADER_SIZE,
      expected,
      actual,
    });
  }
}

/**
 * Cuts a call into fragments whose stubs hold at most `maxStub` bytes: FIRST on the first, LAST on the last. An object
 * UUID goes with each of them (C706 12.6.4.9). A frag_length that the call's header gives was that of the whole; each gets its own.
 * @throws ProtocolError `bad-input` for a `maxStub` below 1
 */
export function fragment<K extends CallKind>(call: PduInputOf<K>, maxStub: number): PduInputOf<K>[] {
  if (!(maxStub >= 1)) {
    throw new ProtocolError({
      code: 'bad-input',
      path: 'stub',
      offset: HEADER_SIZE + CALL_HEADER_SIZE,
      expected: 'fragments that hold at least 1 byte',
      actual: `${maxStub}`,
    });
  }
  const { stub = new Uint8Array(0), objectUuid } = call.body as { stub?: Uint8Array; objectUuid?: string };
  const givenFlags = call.header.pfcFlags ?? (objectUuid === undefined ? 0 : PFC.objectUuid);
  const { fragLength: _, ...header } = call.header;
  const count = Math.max(1, Math.ceil(stub.length / maxStub));
  return Array.from({ length: count }, (_, i) => {
    const edges = (i === 0 ? PFC.firstFrag : 0) | (i === count - 1 ? PFC.lastFrag : 0);
    const pfcFlags = (givenFlags & ~(PFC.firstFrag | PFC.lastFrag)) | edges;
    const allocHint = call.body.allocHint ?? stub.length - i * maxStub;
    const part = stub.subarray(i * maxStub, (i + 1) * maxStub);
    return { ...call, header: { ...header, pfcFlags }, body: { ...call.body, allocHint, stub: part } };
  });
}
