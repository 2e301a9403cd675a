import { type AddressInfo, createServer, type Server } from 'node:net';
import { Association, type AssociationHost } from './association';
import { AssociationGroups } from './association-groups';
import { Connection, type ConnectionHost } from './connection';
import { mix } from './epid';
import { LabHostError } from './errors';
import { socketDescriptor, watchDescriptors } from '../support/local-limits';
import { type Accepted, acceptInto } from '../support/accepted-socket';
import { OpenConnections } from '../support/open-connections';
import type { HostCounters } from '../model/host-counters';
import type { Hooks } from './hooks/hooks';
import { HostDeath, HostHang } from './host-failure';
import { LabKms } from './kms';
import { Outbox } from '../support/outbox';
import { type LabHostOptions, type LabSettings, resolveSettings } from './settings';

/** A lab host that listens. */
export interface LabHost {
  /** 127.0.0.1 or ::1. */
  readonly address: string;
  /** All addresses on which it listens: one, or both of them. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly controls: LabHostControls;
  /** False after a fault made it die, until a restart, and after `close`. */
  readonly alive: boolean;
  /** Connections that are open now. */
  readonly connections: number;
  /** Stops listening, drops every connection and releases all timers. */
  close(): Promise<void>;
}

/** What an operator can do to the lab host. */
export interface LabHostControls {
  /** Forgets records and capacity, as a new host. @throws LabHostError `host-down`, `closed` */
  reset(): Promise<void>;
  /** Starts the service again: connections are reset; a host that died listens again. @throws LabHostError `closed` */
  restart(): Promise<void>;
  /** Sets the host's clock ahead. */
  advanceClock(seconds: number): Promise<void>;
  /** The host's own counters. */
  observe(): Promise<HostCounters>;
}

const DEFAULT_IDLE_CLOSE_SECONDS = 60;
const BACKLOG = 1024;
const IPV6_LOOPBACK = '::1';

/**
 * Starts a lab host on the loopback interface.
 * @throws LabHostError `port-in-use`, `cannot-listen`
 */
export async function startLabHost(options: LabHostOptions = {}): Promise<LabHost> {
  const server = new LabHostServer(resolveSettings(options), options);
  await server.listen(options.port ?? 0);
  return server;
}

class LabHostServer implements LabHost, AssociationHost, ConnectionHost {
  readonly address: string;
  readonly kms: LabKms;
  readonly groups: AssociationGroups;
  readonly ndr64: boolean;
  readonly hooks: Hooks;
  readonly outbox = new Outbox();
  readonly controls: LabHostControls = {
    reset: () => this.#reset(),
    restart: () => this.#restart(),
    advanceClock: (seconds) => this.#advanceClock(seconds),
    observe: () => Promise.resolve(this.kms.observe()),
  };
  readonly #connections = new Set<Connection>();
  readonly #silentFirst = new OpenConnections<Connection>();
  readonly #idleCloseMs: number;
  #server: Server | null = null;
  /** The one on ::1 beside it. */
  #second: Server | null = null;
  #port = 0;
  #closed = false;
  #isHung = false;

  constructor(
    private readonly settings: LabSettings,
    private readonly options: LabHostOptions,
  ) {
    this.address = options.ipv6 ? IPV6_LOOPBACK : '127.0.0.1';
    this.kms = new LabKms(settings);
    this.ndr64 = settings.ndr64;
    this.hooks = settings.hooks;
    this.#idleCloseMs = (options.idleCloseSeconds ?? DEFAULT_IDLE_CLOSE_SECONDS) * 1000;
    this.groups = new AssociationGroups(mix(settings.seed, -1));
  }

  get port(): number {
    return this.#port;
  }

  get addresses(): readonly string[] {
    return this.#second === null ? [this.address] : [this.address, IPV6_LOOPBACK];
  }

  get alive(): boolean {
    return this.#server !== null;
  }

  get connections(): number {
    return this.#connections.size;
  }

  async listen(port: number): Promise<void> {
    const server = await this.#listenOn(this.address, port);
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    if (this.options.bothFamilies !== true || this.address === IPV6_LOOPBACK) return;
    // A machine without IPv6, or another program's ::1, leaves it with one address.
    this.#second = await this.#listenOn(IPV6_LOOPBACK, this.#port).catch(() => null);
  }

  #listenOn(address: string, port: number): Promise<Server> {
    const server = createServer({ allowHalfOpen: true });
    return new Promise((resolve, reject) => {
      server.once('error', (error) => reject(cannotListen(error, address, port)));
      server.listen({ host: address, port, backlog: BACKLOG, exclusive: true }, () => {
        acceptInto(server, (accepted) => this.#accept(accepted, address === IPV6_LOOPBACK ? 6 : 4));
        resolve(server);
      });
    });
  }

  #stopListening(): Server[] {
    const servers = [this.#server, this.#second].filter((server) => server !== null);
    this.#server = this.#second = null;
    return servers;
  }

  get isHung(): boolean {
    return this.#isHung;
  }

  #accept(accepted: Accepted, family: 4 | 6): void {
    const { socket } = accepted;
    const connection = new Connection(accepted, new Association(this, family), this, this.#idleCloseMs);
    this.#connections.add(connection);
    this.#silentFirst.add(connection, watchDescriptors(socketDescriptor(socket)));
    this.#giveTurns();
    socket.on('close', () => this.#left(connection));
  }

  #left(connection: Connection): void {
    this.#connections.delete(connection);
    this.#silentFirst.left(connection);
    if (!this.alive) return;
    this.#giveTurns();
    try {
      this.hooks.gone(connection);
    } catch (error) {
      if (!(error instanceof HostDeath)) throw error;
      this.failed(error);
    }
  }

  received(connection: Connection): void {
    this.#silentFirst.heard(connection);
    this.#giveTurns();
  }

  #giveTurns(): void {
    const { hasTurn } = this.hooks;
    if (hasTurn === null) return;
    const open = [...this.#connections];
    for (const connection of open) {
      if (hasTurn(connection, open)) connection.release();
      else connection.hold();
    }
  }

  /** A dead process: the system resets its connections and refuses new ones. A hung one keeps them, and says nothing. */
  failed(error: HostDeath | HostHang): void {
    if (error instanceof HostHang) {
      this.#isHung = true;
      return;
    }
    for (const server of this.#stopListening()) server.close();
    for (const connection of this.#connections) connection.reset();
  }

  async #reset(): Promise<void> {
    this.#checkOpen();
    if (!this.alive || this.#isHung) {
      throw new LabHostError('host-down', 'the lab host died of a fault and cannot be reset: restart it');
    }
    this.kms.reset();
    return Promise.resolve();
  }

  async #restart(): Promise<void> {
    this.#checkOpen();
    for (const connection of this.#connections) connection.reset();
    this.kms.restart();
    this.#isHung = false;
    if (!this.alive) await this.listen(this.#port);
  }

  #advanceClock(seconds: number): Promise<void> {
    this.settings.clock.advance(seconds);
    return Promise.resolve();
  }

  #checkOpen(): void {
    if (this.#closed) throw new LabHostError('closed', 'the lab host was closed: start another');
  }

  async close(): Promise<void> {
    this.#closed = true;
    const servers = this.#stopListening();
    const closed = [...this.#connections].map((connection) => connection.destroy());
    await Promise.all([
      ...closed,
      ...servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    ]);
  }
}

function cannotListen(error: NodeJS.ErrnoException, address: string, port: number): LabHostError {
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  if (error.code === 'EADDRINUSE') {
    const advice = 'end what listens there, or take another port (0 takes a free one)';
    return new LabHostError('port-in-use', `${where} is in use: ${advice}`, { cause: error });
  }
  const advice = 'take another port, such as one above 1023 (0 takes a free one)';
  return new LabHostError(
    'cannot-listen',
    `cannot listen on ${where} (${error.code ?? error.message}): ${advice}`,
    {
      cause: error,
    },
  );
}
