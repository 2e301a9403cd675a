import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Conversation, ConversationWriter, type PacketWriter, type Side } from '../../../captures';
import { type Endpoint, failureOf, formatEndpoint, type HostFailure, WallTime } from '../../client';
import { resetSocket } from '../../client/reset-socket';
import { socketDescriptor, watchDescriptors } from '../../support/local-limits';
import { isLoopbackAddress } from '../../support/loopback-address';
import { type OpenConnection, OpenConnections } from '../../support/open-connections';
import { UsageError } from '../../support/usage-error';

/** Where a proxy listens, whom it passes bytes on to, where they are recorded, how long it waits (ms). */
export interface ProxyOptions {
  readonly listen: Endpoint;
  readonly target: Endpoint;
  /** Where packets go; each is written before the bytes are passed on. */
  readonly packets: PacketWriter;
  /** For connecting to the target. */
  readonly connectTimeoutMs: number;
  /** Connections on which nothing moves are given up after this. */
  readonly idleTimeoutMs?: number;
  readonly time?: WallTime;
  /** Told where the target could not be reached for a connection. */
  readonly onFailure?: (failure: HostFailure) => void;
  /** Told when a connection that was silent for longest is let go of, since there is no room for another. */
  readonly onLetGo?: () => void;
  /** Told when a connection is over, with the number of connections that are. */
  readonly onConnection?: (finished: number) => void;
  /** Told once where packets cannot be written any more: the proxy then passes nothing on. */
  readonly onWriteError?: (error: Error) => void;
}

/** At once; beyond that, or where descriptors run out, those on which nothing moves are let go of. */
const MAX_CONNECTIONS = 1000;
const DEFAULT_IDLE_MS = 600_000;

/** Stands between clients and a host, passes on what they say, and writes it down first: what was answered is in the capture. */
export class RecordingProxy {
  readonly #writer: ConversationWriter;
  readonly #time: WallTime;
  readonly #sockets = new Set<Socket>();
  readonly #silentFirst = new OpenConnections<Pair>(MAX_CONNECTIONS);
  readonly #server: Server;
  #finished = 0;
  #broken = false;

  private constructor(private readonly options: ProxyOptions) {
    this.#writer = new ConversationWriter(options.packets);
    this.#time = options.time ?? new WallTime();
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** @throws UsageError where the address cannot be listened on */
  static async start(options: ProxyOptions): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(options);
    const { host, port } = options.listen;
    proxy.#server.listen({ host, port, exclusive: true });
    try {
      await once(proxy.#server, 'listening');
    } catch (error) {
      throw cannotListen(error as NodeJS.ErrnoException, options.listen);
    }
    proxy.#server.on('error', () => undefined);
    return proxy;
  }

  get endpoint(): Endpoint {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  /** Connections that are over. */
  get finished(): number {
    return this.#finished;
  }

  /** Drops every connection and ends the capture. */
  async close(): Promise<void> {
    const sockets = [...this.#sockets];
    const closed = sockets.map((socket) => once(socket, 'close'));
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await Promise.all([stopped, ...closed]);
    this.#writer.close();
  }

  #accept(client: Socket): void {
    const { target, connectTimeoutMs } = this.options;
    client.pause();
    const { addresses, loopbackOnly: _, ...endpoint } = target;
    const host = connect({
      ...endpoint,
      host: addresses?.[0] ?? target.host,
      noDelay: true,
      allowHalfOpen: true,
    });
    const timer = setTimeout(
      () => host.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })),
      connectTimeoutMs,
    );
    this.#track(client);
    this.#track(host);
    const pair = new Pair(client, host, () => this.options.onLetGo?.());
    client.once('close', () => this.#silentFirst.left(pair));
    this.#silentFirst.add(pair, watchDescriptors(socketDescriptor(client)));
    const onConnectError = (error: Error): void => {
      clearTimeout(timer);
      this.options.onFailure?.(failureOf(error, 'connect', target));
      resetSocket(client);
      this.#over();
    };
    host.once('error', onConnectError);
    // The client may go away before the host is reached.
    client.once('close', () => clearTimeout(timer));
    host.once('connect', () => {
      clearTimeout(timer);
      const { remoteAddress = '' } = host;
      if (target.loopbackOnly === true && !isLoopbackAddress(remoteAddress))
        return void host.destroy(new Error(`it leads to ${remoteAddress}, which is not this machine`));
      host.off('error', onConnectError);
      this.#join(pair);
    });
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.setTimeout(this.options.idleTimeoutMs ?? DEFAULT_IDLE_MS, () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #join(pair: Pair): void {
    const { client, host } = pair;
    const conversation = this.#write(() =>
      this.#writer.open(addressOf(client, 'remote'), addressOf(client, 'local'), this.#time.nowNs()),
    );
    if (conversation === undefined || client.destroyed) {
      client.destroy();
      host.destroy();
      return this.#over();
    }
    this.#pass('client', pair, conversation);
    this.#pass('host', pair, conversation);
    let open = 2;
    const onClose = (): void => {
      if (--open === 0) this.#over();
    };
    client.once('close', onClose);
    host.once('close', onClose);
    client.resume();
  }

  /** Passes on what `from` sends, each piece written down first. */
  #pass(side: Side, pair: Pair, conversation: Conversation): void {
    const { [side]: from, [side === 'client' ? 'host' : 'client']: to } = pair;
    from.on('data', (chunk: Buffer) => {
      pair.awaitsAnswer = side === 'client';
      this.#silentFirst.heard(pair);
      const written = this.#write(() => (conversation.send(side, chunk, this.#time.nowNs()), true));
      if (written !== undefined && !to.write(chunk)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.once('end', () => {
      this.#write(() => conversation.end(side, this.#time.nowNs()));
      to.end();
    });
    from.once('close', () => {
      if (from.readableEnded) return;
      this.#write(() => conversation.reset(side, this.#time.nowNs()));
      resetSocket(to);
    });
  }

  #over(): void {
    this.#finished += 1;
    this.options.onConnection?.(this.#finished);
  }

  /** Writes packets; once that fails nothing is passed on any more, since it would not be in the capture. */
  #write<T>(run: () => T): T | undefined {
    if (this.#broken) return undefined;
    try {
      return run();
    } catch (error) {
      this.#broken = true;
      for (const socket of this.#sockets) socket.destroy();
      this.options.onWriteError?.(error as Error);
      return undefined;
    }
  }
}

/** A client's connection and the one to the host that belongs to it. */
class Pair implements OpenConnection {
  /** The client spoke last. */
  awaitsAnswer = false;

  constructor(
    readonly client: Socket,
    readonly host: Socket,
    private readonly onLetGo: () => void,
  ) {}

  letGo(): void {
    resetSocket(this.client);
    resetSocket(this.host);
    this.onLetGo();
  }
}

/** The ends of the connection that the client made; a capture knows no scopes. */
function addressOf(socket: Socket, end: 'local' | 'remote'): string {
  const host = (end === 'local' ? socket.localAddress : socket.remoteAddress) ?? '0.0.0.0';
  const port = (end === 'local' ? socket.localPort : socket.remotePort) ?? 0;
  return formatEndpoint({ host: host.replace(/%.*$/, ''), port });
}

function cannotListen(error: NodeJS.ErrnoException, listen: Endpoint): UsageError {
  const why = error.code === 'EADDRINUSE' ? 'the port is in use' : (error.code ?? error.message);
  return new UsageError(
    `cannot listen on ${formatEndpoint(listen)}: ${why}; name another address with --listen (port 0 takes a free one)`,
    { cause: error },
  );
}
