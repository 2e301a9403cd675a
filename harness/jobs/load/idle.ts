import { performance } from 'node:perf_hooks';
import { type Connection, HostFailure, type KmsClient } from '../../client';

/** Connections that are held open, and how many of them the host has ended by now. */
export interface HeldConnections {
  readonly count: number;
  readonly ended: number;
  release(): Promise<void>;
}

/**
 * Opens connections and leaves them alone (TIME-06).
 * @throws HostFailure where one cannot be opened
 */
export async function holdIdle(client: KmsClient, count: number): Promise<HeldConnections> {
  return hold(await openAll(client, count), () => undefined);
}

/**
 * Opens connections that each send one byte of `bytes` every `everyMs`, as a client behind a very slow line does (TIME-06).
 * @param bytes what to send, such as a bind; behind its end nothing more is sent
 */
export async function holdDripping(
  client: KmsClient,
  count: number,
  bytes: Uint8Array,
  everyMs = 1000,
): Promise<HeldConnections> {
  const connections = await openAll(client, count);
  let sent = 0;
  const drip = (): void => {
    if (sent >= bytes.length) return clearInterval(timer);
    const octet = bytes.subarray(sent, ++sent);
    for (const connection of connections) {
      // A host may end such a connection: `ended` tells.
      if (connection.ended === null) void connection.send(octet).catch(() => undefined);
    }
  };
  const timer = setInterval(drip, everyMs);
  drip();
  return hold(connections, () => clearInterval(timer));
}

/**
 * How long the host leaves a connection open that sends nothing (TIME-08).
 * @returns seconds, or null where it was still open after `limitSeconds`
 */
export async function secondsUntilIdleClose(client: KmsClient, limitSeconds: number): Promise<number | null> {
  const connection = await client.connect();
  const openedMs = performance.now();
  try {
    await connection.waitForClose(limitSeconds * 1000);
    return (performance.now() - openedMs) / 1000;
  } catch (error) {
    if (error instanceof HostFailure && error.kind === 'timed-out') return null;
    throw error;
  } finally {
    await connection.destroy();
  }
}

async function openAll(client: KmsClient, count: number): Promise<Connection[]> {
  const opening = await Promise.allSettled(Array.from({ length: count }, () => client.connect()));
  const connections = opening.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = opening.find((each) => each.status === 'rejected');
  if (failed === undefined) return connections;
  await Promise.all(connections.map((connection) => connection.destroy()));
  throw failed.reason;
}

function hold(connections: readonly Connection[], stop: () => void): HeldConnections {
  return {
    count: connections.length,
    get ended() {
      return connections.filter(({ ended }) => ended !== null).length;
    },
    release: async () => {
      stop();
      await Promise.all(connections.map((connection) => connection.destroy()));
    },
  };
}
