import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Association, type AssociationHost } from './association';
import { Connection, type ConnectionHost } from './connection';
import { die } from './faults/deadly-message';
import { mix } from './epid';
import { LabHostError } from './errors';
import type { FaultSet } from './faults/faults';
import { Turns } from './faults/faulty-turns';
import { HostDeath, HostHang } from './host-failure';
import { LabKms } from './kms';
import { type LabHostOptions, type LabSettings, resolveSettings } from './settings';

/** A lab host that listens. */
export interface LabHost {
  /** 127.0.0.1 or ::1. */
  readonly address: string;
  readonly port: number;
  readonly controls: LabHostControls;
  /** False after a fault made it die, until a restart, and after `close`. */
  readonly alive: boolean;
  /** Connections that are open now. */
  readonly connections: number;
  /** Stops listening, drops every connection and releases all timers. */
  close(): Promise<void>;
}

export interface LabHostControls {
  /** Forgets records and capacity, as a new host. @throws LabHostError `host-down`, `closed` */
  reset(): Promise<void>;
  /** Starts the service again: connections are reset; a host that died listens again. @throws LabHostError `closed` */
  restart(): Promise<void>;
  /** Sets the host's clock ahead. */
  advanceClock(seconds: number): Promise<void>;
}

const DEFAULT_IDLE_CLOSE_SECONDS = 60;
const BACKLOG = 1024;
/** So many connections without a byte until `dies-after-500-silent` bites. */
const SILENT_LIMIT = 500;

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
  readonly ndr64: boolean;
  readonly faults: FaultSet;
  readonly slowMs: number;
  readonly controls: LabHostControls = {
    reset: () => this.#reset(),
    restart: () => this.#restart(),
    advanceClock: (seconds) => this.#advanceClock(seconds),
  };
  readonly #connections = new Set<Connection>();
  readonly #idleCloseMs: number;
  #server: Server | null = null;
  #port = 0;
  #closed = false;
  #group: number;
  readonly #turns: Turns | null;
  #isHung = false;
  #answers = 0;
  #silentConnections = 0;

  constructor(
    private readonly settings: LabSettings,
    options: LabHostOptions,
  ) {
    this.address = options.ipv6 ? '::1' : '127.0.0.1';
    this.kms = new LabKms(settings);
    this.ndr64 = settings.ndr64;
    this.faults = settings.faults;
    this.slowMs = settings.slowMs;
    this.#turns = Turns.of(settings.faults);
    this.#idleCloseMs = (options.idleCloseSeconds ?? DEFAULT_IDLE_CLOSE_SECONDS) * 1000;
    this.#group = mix(settings.seed, -1);
  }

  get port(): number {
    return this.#port;
  }

  get alive(): boolean {
    return this.#server !== null;
  }

  get connections(): number {
    return this.#connections.size;
  }

  nextGroup(): number {
    this.#group = (this.#group + 1) >>> 0 || 1;
    return this.#group;
  }

  async listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(cannotListen(error, this.address, port)));
      server.listen({ host: this.address, port, backlog: BACKLOG, exclusive: true }, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  get isHung(): boolean {
    return this.#isHung;
  }

  nextAnswer(): number {
    this.#answers++;
    return this.#answers;
  }

  #accept(socket: Socket): void {
    const connection = new Connection(socket, new Association(this), this, this.#idleCloseMs);
    this.#connections.add(connection);
    this.#turns?.update(this.#connections);
    socket.on('close', () => this.#left(connection));
  }

  #left(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.faults.size === 0 || !this.alive) return;
    this.#turns?.update(this.#connections);
    try {
      if (connection.wasReset) die('dies-of-reset', this.faults);
      if (connection.wasSilent) this.#wasSilent();
    } catch (error) {
      if (!(error instanceof HostDeath)) throw error;
      this.failed(error);
    }
  }

  #wasSilent(): void {
    this.#silentConnections++;
    die('dies-of-silence', this.faults);
    if (this.#silentConnections >= SILENT_LIMIT) die('dies-after-500-silent', this.faults);
  }

  received(): void {
    this.#turns?.update(this.#connections);
  }

  /** A dead process: the system resets its connections and refuses new ones. A hung one keeps them, and says nothing. */
  failed(error: HostDeath | HostHang): void {
    if (error instanceof HostHang) {
      this.#isHung = true;
      return;
    }
    this.#server?.close();
    this.#server = null;
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
    this.#silentConnections = 0;
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
    const server = this.#server;
    this.#server = null;
    for (const connection of this.#connections) connection.destroy();
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
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
