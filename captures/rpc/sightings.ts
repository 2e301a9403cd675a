import type { RecordedCall } from './recorded-call';

/** For how long a request may be on its way from one place to the next: as long as it lives, 15 seconds. */
const MAX_AGE_NS = 15_000_000_000n;
/** No request passes more translators: what is seen at more places is told as another exchange, so that no request is held against thousands. */
const MAX_PLACES = 32;
/** Requests that are remembered. */
const MAX_REMEMBERED = 4096;

/**
 * Finds requests that a capture shows at more than one place: on both sides of a translator of addresses, a balancer or a proxy. They
 * have the same octets, which hold the client's clock to 100 ns, or are sealed under a random vector; they overlap in time, the first
 * being unanswered when the second comes; and an end's address differs. The same octets between the same two machines are
 * a client that says the same again, and one after the other they are a repeat.
 */
export class SightingFinder {
  readonly #recent = new Map<string, RecordedCall>();

  /** The call that this one is another sighting of; null where there is none, and this one is remembered. */
  firstSighting(call: RecordedCall): RecordedCall | null {
    const key = Buffer.from(call.requestBytes).toString('latin1');
    const known = this.#recent.get(key);
    const isSame = known !== undefined && known.placeCount < MAX_PLACES;
    if (isSame && isElsewhere(known, call) && overlaps(known, call)) return known;
    this.#recent.delete(key);
    this.#recent.set(key, call);
    if (this.#recent.size > MAX_REMEMBERED) this.#recent.delete(this.#recent.keys().next().value!);
    return null;
  }
}

const addressOf = (endpoint: string): string => endpoint.slice(0, endpoint.lastIndexOf(':'));

/** Another machine at one end, in each of the places where it was seen already. */
function isElsewhere(known: RecordedCall, call: RecordedCall): boolean {
  const { client, host } = call.place;
  return known.places.every((place) => addressOf(place.client) !== addressOf(client) || place.host !== host);
}

function overlaps(known: RecordedCall, call: RecordedCall): boolean {
  const [first, second] = [known.mark.timestampNs, call.mark.timestampNs];
  if (second - first > MAX_AGE_NS || first - second > MAX_AGE_NS) return false;
  return known.answeredAt === null || second <= known.answeredAt;
}
