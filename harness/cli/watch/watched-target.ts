import type { Socket } from 'node:net';
import { type Endpoint, formatEndpoint, HostFailure } from '../../client';
import { dial } from '../../client/dial';
import { pause, type Watched } from './watched';

/** How often a host that is away is knocked at. */
const KNOCK_MS = 250;
const TIMEOUT_MS = 5000;

/**
 * A host whose restart calls for another run. One connection is held, on which nothing is sent: its end, and that the next one is
 * refused, tell that the host went away. While it is held the host is left in peace.
 */
export class WatchedTarget implements Watched {
  /** @param endpoint where the host of the last run listens; null while no run has come to one */
  constructor(
    private readonly endpoint: () => Endpoint | null,
    private readonly knockMs = KNOCK_MS,
  ) {}

  mark(): void {
    // What became of the host during a run is in its report.
  }

  async changed(signal: AbortSignal): Promise<string | null> {
    let wasAway = false;
    while (!signal.aborted) {
      const endpoint = this.endpoint();
      const socket = endpoint === null ? null : await connected(endpoint, signal);
      if (socket !== null && wasAway) {
        socket.destroy();
        return `the host at ${formatEndpoint(endpoint!)} came back`;
      }
      if (socket === null) {
        wasAway ||= endpoint !== null;
        await pause(this.knockMs, signal);
        continue;
      }
      const heldSince = performance.now();
      await ended(socket, signal);
      // A host may close a connection that says nothing, and take the next one.
      if (performance.now() - heldSince < this.knockMs) await pause(this.knockMs, signal);
    }
    return null;
  }
}

/** A connection; null where the host takes none. */
async function connected(endpoint: Endpoint, signal: AbortSignal): Promise<Socket | null> {
  try {
    const quiet = { made: (socket: Socket) => socket.on('error', () => undefined), read: () => true };
    return await dial(endpoint, { timeoutMs: TIMEOUT_MS, signal }, quiet);
  } catch (error) {
    if (error instanceof HostFailure) return null;
    throw error;
  }
}

/** Waits until the host ends a connection, or `signal` is aborted, and ends it too. */
async function ended(socket: Socket, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const event of ['end', 'close'] as const) socket.once(event, resolve);
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  socket.destroy();
}
