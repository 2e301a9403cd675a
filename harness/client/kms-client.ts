import type { Exchange } from '../../protocol/exchange';
import { encodeRequest, type KmsRequestInput, type Mac } from '../../protocol/message';
import { type Clock, systemClock } from '../support/clock';
import { Outbox } from '../support/outbox';
import { Association, type BindOptions, type ExchangeCounter } from './association';
import { type Offer, offerBind } from './bind-offer';
import { Connection } from './connection';
import { DEFAULT_TIMEOUT_MS } from './connection-options';
import type { Endpoint } from './endpoint';
import type { ConnectionObserver } from './observer';
import { type CallOptions, LIKE_ALL_CALLS } from './outgoing-call';
import { WallTime } from './wall-time';

/** Whom a client asks, how it binds and signs, how long it waits (ms). */
export interface KmsClientOptions {
  readonly endpoint: Endpoint;
  /** For each wait: connecting, binding, the answer. */
  readonly timeoutMs?: number;
  /** What every bind offers, where that is not as real clients do. */
  readonly bind?: BindOptions;
  readonly clock?: Clock;
  /** Signs requests that are given as values without a MAC; without it their MAC is zeros. */
  readonly sign?: Mac | undefined;
  readonly observer?: ConnectionObserver | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Source addresses, used in turn: each has ephemeral ports of its own. */
  readonly localAddresses?: readonly string[];
  /** How connections of one request end. RST spares the port its TIME_WAIT, where the host under test allows it. */
  readonly closeWith?: 'fin' | 'reset';
}

/** A message as bytes, sent as they are, or as a value, encoded and signed. */
export type ActivationRequest = Uint8Array | KmsRequestInput;

/** Options of a bind that is like every other of its client: its PDU is made once. */
const LIKE_ALL: BindOptions = {};

/** A KMS client of one host. It numbers its connections and exchanges, and releases all of them on `close`. */
export class KmsClient {
  readonly endpoint: Endpoint;
  readonly #options: KmsClientOptions;
  readonly #time: WallTime;
  readonly #outbox = new Outbox();
  readonly #counter: ExchangeCounter = { next: 0 };
  readonly #open = new Set<Connection>();
  #connections = 0;
  #offer: Offer | null = null;

  constructor(options: KmsClientOptions) {
    this.endpoint = options.endpoint;
    this.#options = options;
    this.#time = new WallTime(options.clock ?? systemClock);
  }

  /** Connections opened so far. */
  get connections(): number {
    return this.#connections;
  }

  /**
   * Sends one request on a connection of its own, as clients do: connect, bind, request, close. Resolves for every
   * answer, a refusal, fault or malformed one too.
   * @throws HostFailure for all else
   */
  async activate(request: ActivationRequest, options: CallOptions = LIKE_ALL_CALLS): Promise<Exchange> {
    const connection = await this.connect();
    try {
      const association = await this.#bind(connection, LIKE_ALL);
      return await association.call(this.#encode(request), options);
    } finally {
      void this.#finish(connection);
    }
  }

  /** A kept connection, bound, for any number of requests. @param address as in `connect` */
  async session(options: BindOptions = LIKE_ALL, address?: string): Promise<KmsSession> {
    const connection = await this.connect(address);
    try {
      const association = await this.#bind(connection, options);
      return new KmsSession(association, (request) => this.#encode(request));
    } catch (error) {
      await connection.destroy();
      throw error;
    }
  }

  /**
   * A bare connection; the caller binds on it, or sends what it likes.
   * @param address one of the host's several, where it has to be that one
   */
  async connect(address?: string): Promise<Connection> {
    const { localAddresses = [], timeoutMs = DEFAULT_TIMEOUT_MS, signal, observer } = this.#options;
    const index = this.#connections++;
    const localAddress = localAddresses[index % localAddresses.length];
    const { endpoint } = this;
    const connection = await Connection.open(
      address === undefined ? endpoint : { ...endpoint, host: address },
      {
        timeoutMs,
        signal,
        observer,
        index,
        localAddress,
        time: this.#time,
        outbox: this.#outbox,
      },
    );
    this.#open.add(connection);
    void connection.whenClosed.then(() => this.#open.delete(connection));
    return connection;
  }

  /** Destroys what is still open; resolves when every socket is gone. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.destroy()));
  }

  #bind(connection: Connection, options: BindOptions): Promise<Association> {
    const { bind = {} } = this.#options;
    if (options === LIKE_ALL) {
      this.#offer ??= offerBind(bind);
      return Association.offered(connection, this.#offer, bind, this.#counter);
    }
    return Association.bind(connection, { ...bind, ...options }, this.#counter);
  }

  #encode(request: ActivationRequest): Uint8Array {
    return request instanceof Uint8Array ? request : encodeRequest(request, this.#options.sign);
  }

  #finish(connection: Connection): Promise<void> {
    return this.#options.closeWith === 'reset' ? connection.reset() : connection.close();
  }
}

/** A bound connection that is kept. */
export class KmsSession {
  constructor(
    readonly association: Association,
    private readonly encode: (request: ActivationRequest) => Uint8Array,
  ) {}

  get connection(): Connection {
    return this.association.connection;
  }

  /** As `KmsClient.activate`, on this connection. */
  activate(request: ActivationRequest, options: CallOptions = LIKE_ALL_CALLS): Promise<Exchange> {
    return this.association.call(this.encode(request), options);
  }

  /** Closes with FIN; resolves when the socket is gone. */
  close(): Promise<void> {
    return this.connection.close();
  }
}
