import type { KmsRequestInput } from '../../protocol';

/** Requests that are remembered: what a host confuses is what it met lately. */
const REMEMBERED = 512;
/** Bytes of another request that are no chance: seven characters of a name, most of a CMID. */
const TELLING = 14;

/**
 * Remembers names and machines of the requests that were sent, and finds them in answers to others. What a machine's own request
 * holds is no leak in its own answer.
 */
export class LeakWatch {
  readonly #secrets: { readonly owner: string; readonly what: string; readonly bytes: Buffer }[] = [];
  #next = 0;
  #clean = Buffer.alloc(0);

  remember({ clientMachineId, workstationName }: KmsRequestInput): void {
    if (typeof workstationName !== 'string' || workstationName.length * 2 < TELLING) return;
    this.#secrets[this.#next++ % REMEMBERED] = {
      owner: clientMachineId,
      what: `the name ${JSON.stringify(workstationName)}`,
      bytes: Buffer.from(workstationName, 'utf16le'),
    };
  }

  /** What of another machine's request stands in these octets of the answer to `owner`, if anything. */
  find(octets: Uint8Array, owner: string): string | null {
    if (octets.length < TELLING) return null;
    // A host sends the same ePID to everybody: what held no name before it was ever asked about holds none now.
    if (Buffer.compare(octets, this.#clean) === 0) return null;
    const haystack = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    const found = this.#secrets.find((secret) => secret.owner !== owner && haystack.includes(secret.bytes));
    if (found === undefined) this.#clean = Buffer.from(octets);
    return found?.what ?? null;
  }
}
