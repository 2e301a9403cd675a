import { isGuid, type KmsRequestInput, NIL_GUID, writeGuid } from '../../../protocol';

/** Requests that are remembered: what a host confuses is what it met lately. */
const REMEMBERED = 512;
/** Bytes of another request that are no chance: seven characters of a name. A CMID has more. */
const TELLING = 14;
const GUID_SIZE = 16;

/** What a machine has told the host of itself. */
interface Confidence {
  readonly owner: string;
  readonly name: string;
  /** How it looks on the wire; made when it is first looked for. */
  secrets?: readonly Secret[];
}

interface Secret {
  readonly what: string;
  readonly bytes: Buffer;
}

/**
 * Remembers the machines of the requests that were sent and their names, and finds them in answers to others. What a machine's own
 * request holds is no leak in its own answer.
 */
export class LeakWatch {
  readonly #remembered: Confidence[] = [];
  #next = 0;
  #clean = Buffer.alloc(0);

  remember({ clientMachineId, workstationName }: KmsRequestInput): void {
    if (typeof workstationName !== 'string') return;
    this.#remembered[this.#next++ % REMEMBERED] = { owner: clientMachineId, name: workstationName };
  }

  /** What of another machine's request stands in these octets of the answer to `owner`, if anything. */
  find(octets: Uint8Array, owner: string): string | null {
    if (octets.length < TELLING) return null;
    // A host sends the same ePID to everybody: what held no secret before it was ever asked about holds none now.
    if (Buffer.compare(octets, this.#clean) === 0) return null;
    const haystack = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    for (const confidence of this.#remembered) {
      if (confidence.owner === owner) continue;
      confidence.secrets ??= secretsOf(confidence);
      for (const { what, bytes } of confidence.secrets) if (haystack.includes(bytes)) return what;
    }
    this.#clean = Buffer.from(octets);
    return null;
  }
}

function secretsOf({ owner, name }: Confidence): Secret[] {
  const secrets = [
    { what: `the name ${JSON.stringify(name)}`, bytes: Buffer.from(name, 'utf16le') },
    ...(owner === NIL_GUID || !isGuid(owner) ? [] : [{ what: `the CMID ${owner}`, bytes: guidBytes(owner) }]),
  ];
  return secrets.filter(({ bytes }) => bytes.length >= TELLING);
}

function guidBytes(guid: string): Buffer {
  const bytes = Buffer.alloc(GUID_SIZE);
  writeGuid(bytes, 0, guid);
  return bytes;
}
