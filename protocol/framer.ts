import { ProtocolError } from './errors';
import { fragLengthAt } from './header-octets';
import { HEADER_SIZE } from './pdu-layouts';

/**
 * Cuts a byte stream into whole PDUs, however TCP cut it. `push` takes any bytes and returns the PDUs they complete;
 * each is a copy of its own, so that a caller may keep it. What a header says beyond the length is not judged here.
 */
export class Framer {
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #consumed = 0;
  #failure: ProtocolError | null = null;

  /**
   * @param maxFragment PDUs that claim to be longer are refused: a host may not make its peer wait for bytes without end. By PTYPE
   * where types differ in it.
   * @param bytesAreGiven what is pushed is not used by the caller again: a PDU that is all that is left of them is handed out as it is
   */
  constructor(
    private readonly maxFragment: number | ((ptype: number) => number) = 0xffff,
    private readonly bytesAreGiven = false,
  ) {}

  /** Bytes held back because they do not make a whole PDU yet. */
  get pending(): number {
    return this.#buffered;
  }

  /** Bytes of the stream handed out so far. */
  get consumed(): number {
    return this.#consumed;
  }

  /** The bytes held back, as one piece. */
  remainder(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  /** Why the stream has no next PDU, once that is known: PDUs that came before it in the same bytes are handed out first. */
  get failure(): ProtocolError | null {
    return this.#failure;
  }

  /**
   * Takes the next bytes and returns the PDUs that they complete. Where a bad header follows PDUs, these are returned, `failure` says
   * why there is no next one, and the next `push` throws it: what is framed does not depend on how TCP cut it.
   * @throws ProtocolError `bad-value` where no DCE/RPC 5 header stands, `too-long` for one above the limit; offsets count from the
   * start of the stream. The framer stays where it is.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    if (this.#failure !== null) throw this.#failure;
    if (chunk.length > 0) {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
    }
    const pdus: Uint8Array[] = [];
    try {
      for (
        let size = this.#nextSize();
        size !== undefined && this.#buffered >= size;
        size = this.#nextSize()
      ) {
        pdus.push(this.#take(size));
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failure = error;
      if (pdus.length === 0) throw error;
    }
    return pdus;
  }

  /**
   * Whether bytes that come now are one whole PDU with nothing before it or behind, as most reads are: they are counted as handed
   * out, and the caller has them. Where it says no, they are to be pushed.
   */
  takeWhole(chunk: Uint8Array): boolean {
    const size = chunk.length;
    if (this.#buffered > 0 || this.#failure !== null || size < HEADER_SIZE || chunk[0] !== 5) return false;
    if (fragLengthAt(chunk) !== size) return false;
    if (size > (typeof this.maxFragment === 'number' ? this.maxFragment : this.maxFragment(chunk[2]!)))
      return false;
    this.#consumed += size;
    return true;
  }

  /** The size of the next PDU once enough of its header is there. */
  #nextSize(): number | undefined {
    if (this.#buffered === 0) return undefined;
    if (this.#chunks[0]!.length < Math.min(HEADER_SIZE, this.#buffered)) this.#chunks = [this.remainder()];
    const head = this.#chunks[0]!;
    if (head[0] !== 5) this.#fail('bad-value', 'rpcVers', 0, '5', `${head[0]}`);
    if (head.length < HEADER_SIZE) return undefined;
    const size = fragLengthAt(head);
    if (size < HEADER_SIZE) this.#fail('bad-value', 'fragLength', 8, `at least ${HEADER_SIZE}`, `${size}`);
    const most = typeof this.maxFragment === 'number' ? this.maxFragment : this.maxFragment(head[2]!);
    if (size > most) this.#fail('too-long', 'fragLength', 8, `at most ${most}`, `${size}`);
    return size;
  }

  #take(size: number): Uint8Array {
    this.#buffered -= size;
    this.#consumed += size;
    if (this.bytesAreGiven && this.#chunks[0]!.length === size) return this.#chunks.shift()!;
    const pdu = Buffer.allocUnsafe(size);
    let filled = 0;
    let used = 0;
    while (filled < size) {
      const chunk = this.#chunks[used]!;
      const wanted = size - filled;
      pdu.set(chunk.length > wanted ? chunk.subarray(0, wanted) : chunk, filled);
      filled += Math.min(wanted, chunk.length);
      if (chunk.length > wanted) this.#chunks[used] = chunk.subarray(wanted);
      else used++;
    }
    this.#chunks.splice(0, used);
    return pdu;
  }

  #fail(code: 'bad-value' | 'too-long', field: string, at: number, expected: string, actual: string): never {
    throw new ProtocolError({
      code,
      path: `rpc.header.${field}`,
      offset: this.#consumed + at,
      expected,
      actual,
    });
  }
}
