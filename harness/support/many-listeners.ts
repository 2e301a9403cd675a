import { setMaxListeners } from 'node:events';

const unlimited = new WeakSet<AbortSignal>();

/** Many connections and lookups hang on one signal: that is no leak, so Node need not warn. */
export function allowManyListeners(signal: AbortSignal): void {
  if (unlimited.has(signal)) return;
  unlimited.add(signal);
  setMaxListeners(0, signal);
}
