import type { Exchange } from '../../protocol';
import type { RecordedCall } from './recorded-call';
import { SightingFinder } from './sightings';

/** Calls that may be held back so that exchanges come in the order of their requests. */
const MAX_HELD = 1024;
/** Nor may a host that never answers hold back what is watched while it happens: a request lives 15 seconds. */
const MAX_HELD_NS = 15_000_000_000n;

/**
 * Puts exchanges in the order of their requests, across connections. A call that waits for its answer holds back those
 * behind it, but for no longer than a request lives and no more than a thousand: then those that are ready go first. A request that
 * is seen again at another place becomes a sighting of the first.
 */
export class ExchangeQueue {
  readonly #finder = new SightingFinder();
  #calls: RecordedCall[] = [];
  #opened = 0;

  /** Takes a call in. */
  open(call: RecordedCall): void {
    const first = this.#finder.firstSighting(call);
    if (first !== null) return first.addSighting(call);
    call.index = this.#opened++;
    this.#calls.push(call);
  }

  /**
   * The exchanges that may be handed out now.
   * @param nowNs the capture's clock: since 1970-01-01 UTC
   */
  take(nowNs: bigint): Exchange[] {
    const calls = this.#calls;
    const held = calls.findIndex((call) => !call.settled && nowNs - call.mark.timestampNs <= MAX_HELD_NS);
    const holds = held >= 0 && calls.length - held <= MAX_HELD;
    if (holds && held === 0) return [];
    const end = holds ? held : calls.length;
    const passed = calls.slice(0, end);
    this.#calls = passed.filter((call) => !call.settled).concat(calls.slice(end));
    return passed.filter((call) => call.settled).map((call) => call.toExchange());
  }
}
