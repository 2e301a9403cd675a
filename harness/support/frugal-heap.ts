import { setFlagsFromString } from 'node:v8';

/** How far the heap may grow beyond what is alive before it is collected, in per cent. */
const GROWTH_PERCENT = 50;

/**
 * Makes V8 collect earlier, for runs of minutes that leave a little behind with every request, and for captures of thousands of connections: by
 * itself it lets the heap of a large fleet grow to ten times of what is alive, that of a capture to four times. V8 reads this flag at every collection, so that it can be set at any time; it costs a tenth of CPU time.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
