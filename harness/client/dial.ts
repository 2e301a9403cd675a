import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { socketDescriptor, watchDescriptors } from '../support/local-limits';
import { isLoopbackAddress } from '../support/loopback-address';
import type { Endpoint } from './endpoint';
import { type FailureKind, failureOf, HostFailure } from './host-failure';
import { ReadBuffers } from './read-buffers';
import { allowManyListeners } from '../support/many-listeners';

export interface DialOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly localAddress?: string | undefined;
}

/** What a socket is made into when it is connected, and who is told what it reads. */
export interface Dialled<T> {
  readonly made: (socket: Socket) => T;
  /**
   * @param buffer what was read, `length` octets: the next read overwrites it
   * @returns false to make the peer wait until the socket is resumed
   */
  readonly read: (of: T, buffer: Buffer, length: number) => boolean;
}

const readBuffers = new ReadBuffers();

/**
 * Connects a socket. What it is made into is made within its `connect` event: bytes may come before the promise's caller runs.
 * @throws HostFailure of stage `connect`
 */
export function dial<T>(endpoint: Endpoint, options: DialOptions, { made, read }: Dialled<T>): Promise<T> {
  const { signal, timeoutMs } = options;
  if (signal !== undefined) allowManyListeners(signal);
  return new Promise((resolve, reject) => {
    let connected: T | null = null;
    const socket = openSocket(
      endpoint,
      options,
      (buffer, length) => connected === null || read(connected, buffer, length),
    );
    const fail = (failure: HostFailure): void => {
      release();
      socket.destroy();
      reject(failure);
    };
    const failAs = (kind: FailureKind, what: string): void =>
      fail(new HostFailure({ kind, what, stage: 'connect', endpoint }));
    const onAbort = (): void => failAs('interrupted', 'was not connected to: interrupted');
    const onError = (error: Error): void => fail(failureOf(error, 'connect', endpoint));
    const timer = setTimeout(() => failAs('timed-out', `did not accept within ${timeoutMs} ms`), timeoutMs);
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    socket.on('error', onError);
    socket.once('connect', () => {
      release();
      watchDescriptors(socketDescriptor(socket));
      const elsewhere = leadsElsewhere(endpoint, socket);
      if (elsewhere !== null) return fail(elsewhere);
      connected = made(socket);
      socket.off('error', onError);
      resolve(connected);
    });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
  });
}

/** What was checked before it was connected to is checked again where it leads, before an octet is sent. */
function leadsElsewhere(endpoint: Endpoint, { remoteAddress = '' }: Socket): HostFailure | null {
  if (endpoint.loopbackOnly !== true || isLoopbackAddress(remoteAddress)) return null;
  const what = `leads to ${remoteAddress}, which is not this machine: nothing was sent (--allow-remote allows it)`;
  return new HostFailure({ kind: 'unreachable', what, stage: 'connect', endpoint });
}

/** A socket that reads into one buffer of its own: quicker than Node's streams, which allocate for every read. */
function openSocket(
  { host, port, addresses }: Endpoint,
  { localAddress }: DialOptions,
  onBytes: (buffer: Buffer, length: number) => boolean,
): Socket {
  const buffer = readBuffers.take();
  const socket = connect({
    host,
    port,
    noDelay: true,
    allowHalfOpen: true,
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(addresses === undefined ? {} : { lookup: knownAddresses(addresses) }),
    onread: { buffer, callback: (length) => onBytes(buffer, length) },
  });
  // Behind `close` nothing reads into it any more.
  socket.once('close', () => readBuffers.giveBack(buffer));
  return socket;
}

/** Answers a socket's look-up with addresses that are known; of several, Node tries each (happy eyeballs). */
function knownAddresses(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all }, callback) => {
    if (all) callback(null, found);
    else callback(null, found[0]!.address, found[0]!.family);
  };
}
