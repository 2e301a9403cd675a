import { encodeRequest, type Exchange, filetimeFromUnixMs, type Mac, NIL_GUID } from '../../../protocol';
import type { Clock } from '../../support/clock';
import type { Random } from '../../support/random';

/** Makes recorded requests new: CMIDs are mapped one to one, so that repeats stay repeats; ClientTime is now. */
export class Freshener {
  readonly #mapped = new Map<string, string>();

  /** @param sign signs the new message; without it the MAC is zeros */
  constructor(
    private readonly random: Random,
    private readonly clock: Clock,
    private readonly sign: Mac | undefined,
  ) {}

  /** The message to send; one that is sealed or malformed as it was recorded. */
  freshen({ request: { bytes, content } }: Exchange): Uint8Array {
    if (content.kind !== 'clear') return bytes;
    const { mac: _mac, ...fields } = content.value;
    return encodeRequest(
      {
        ...fields,
        clientMachineId: this.#map(fields.clientMachineId),
        previousClientMachineId: this.#map(fields.previousClientMachineId),
        requestTime: filetimeFromUnixMs(this.clock.now()),
      },
      this.sign,
    );
  }

  #map(cmid: string): string {
    if (cmid === NIL_GUID) return cmid;
    let fresh = this.#mapped.get(cmid);
    if (fresh === undefined) this.#mapped.set(cmid, (fresh = this.random.guid()));
    return fresh;
  }
}
