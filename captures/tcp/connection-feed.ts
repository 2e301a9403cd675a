import type { AttemptLog } from '../attempts/attempt-log';
import { LayerTable } from '../layers/registers';
import { Decoded, PacketDecoder } from '../net/packet-decoder';
import { Segment } from '../net/segment';
import type { CapturedPacket } from '../packet';
import { Traffic } from '../traffic';
import type { WarningLog } from '../warnings';
import type { Connection, ConnectionReader } from './connection';
import { ConnectionTracker } from './tracker';

/** Takes a capture's packets, and feeds the readers of its TCP connections. */
export class ConnectionFeed {
  readonly traffic = new Traffic();
  readonly #segment = new Segment();
  readonly #decoder: PacketDecoder;
  readonly #tracker: ConnectionTracker;
  #lastNs = 0n;

  /**
   * @param makeReader asked once for each connection that carries anything
   * @param attempts collects what came to nothing
   * @param table what is read around IP
   */
  constructor(
    private readonly warnings: WarningLog,
    makeReader: (connection: Connection) => ConnectionReader,
    private readonly attempts: AttemptLog | null = null,
    table = new LayerTable(),
  ) {
    this.#decoder = new PacketDecoder(warnings, this.traffic, table, attempts);
    this.#tracker = new ConnectionTracker(makeReader, null, (connection) => this.#ended(connection));
  }

  /** The capture's clock: the time of the last packet, in nanoseconds since 1970-01-01 UTC. */
  get nowNs(): bigint {
    return this.#lastNs;
  }

  push(packets: readonly CapturedPacket[]): void {
    for (const packet of packets) {
      if (this.#decoder.decode(packet, this.#segment) === Decoded.tcp)
        this.#tracker.take(this.#segment, packet);
    }
    this.#lastNs = packets.at(-1)?.timestampNs ?? this.#lastNs;
  }

  /** No more packets come: ends every connection, and tells what was left over. */
  finish(): void {
    const { givenUp, waiting } = this.#decoder.fragments;
    const lost = givenUp + waiting;
    const what =
      lost === 1 ? 'a datagram lacks fragments and was' : `${lost} datagrams lack fragments and were`;
    if (lost > 0) this.warnings.add(0, `${what} not read`);
    this.traffic.tellUnread(this.warnings);
    this.#tracker.finish();
    this.attempts?.finish();
  }

  #ended(connection: Connection): void {
    this.traffic.noteConnection(connection.ports[1]);
    this.attempts?.connectionEnded(connection, Number(this.#lastNs) / 1e9);
  }
}
