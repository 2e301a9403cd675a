import type { DatagramObserver } from '../net/packet-decoder';
import { formatAddress, type Segment } from '../net/segment';
import type { CapturedPacket } from '../packet';
import { KMS_PORT } from '../rpc/association';
import type { Reason } from '../rpc/story';
import type { Connection } from '../tcp/connection';
import type { Attempt } from './attempt';
import { judge } from './judge';
import { type FailedLookup, isNoRecord, LookupLog } from './lookups';
import { UnreachableLog } from './unreachable';

/** Collects tries to activate that came to nothing, as connections end. */
export class AttemptLog implements DatagramObserver {
  readonly #lookups = new LookupLog();
  readonly #unreachable = new UnreachableLog();
  /** Connections with this port are asked for, and no others. */
  readonly #named: boolean;
  readonly #port: number;
  #attempts: Attempt[] = [];
  #count = 0;

  constructor(port: number | undefined) {
    this.#named = port !== undefined;
    this.#port = port ?? KMS_PORT;
  }

  udp(segment: Segment, start: number, end: number, packet: CapturedPacket): void {
    this.#lookups.note(segment, start, end, packet);
  }

  icmp(segment: Segment, start: number, end: number): void {
    this.#unreachable.note(segment, start, end);
  }

  /** @param nowSeconds of the capture's clock */
  connectionEnded(connection: Connection, nowSeconds: number): void {
    const { story, life } = connection;
    if (story === null && (life.syns === 0 || !this.#leadsToHost(connection))) return;
    const verdict = judge(connection, {
      quietSeconds: Math.max(0, nowSeconds - connection.lastSeconds),
      unreachable: this.#unreachableFor(connection),
    });
    if (verdict === null) return;
    const client = story?.client === 1 ? 1 : 0;
    const host = client === 1 ? 0 : 1;
    const address = (end: 0 | 1): string => formatAddress(connection.family, connection.addresses[end]);
    this.#attempts.push({
      index: this.#count++,
      connection: connection.index,
      at: life.startedNs,
      client: connection.endpoint(client),
      host: connection.endpoint(host),
      ...verdict,
      lookup: this.#lookups.find(address(client), address(host), connection.ports[host]),
    });
  }

  /** To the port of KMS, or, where no port was named, to where an SRV record of the service leads. */
  #leadsToHost({ family, addresses, ports }: Connection): boolean {
    if (ports[1] === this.#port) return true;
    if (this.#named || !this.#lookups.knows(ports[1])) return false;
    const [client, host] = addresses.map((address) => formatAddress(family, address)) as [string, string];
    return this.#lookups.find(client, host, ports[1])?.port === ports[1];
  }

  /** The capture has ended. */
  finish(): void {
    this.#lookups.finish();
  }

  /** What became known since the last call. */
  take(): Attempt[] {
    for (const failed of this.#lookups.takeFailed()) this.#attempts.push(this.#lookupAttempt(failed));
    const taken = this.#attempts;
    this.#attempts = [];
    return taken;
  }

  #lookupAttempt(failed: FailedLookup): Attempt {
    const { at, client, server: host, name, reason } = failed;
    const outcome =
      reason === null ? 'lookup-unanswered' : isNoRecord(failed) ? 'no-srv-record' : 'lookup-failed';
    return {
      index: this.#count++,
      connection: null,
      at,
      client,
      host,
      outcome,
      stage: 'lookup',
      detail: `SRV ${name}: ${reason === null ? 'no answer' : reason.text}`,
      endedBy: null,
      reason,
      lookup: null,
    };
  }

  #unreachableFor({ family, addresses, ports }: Connection): Reason | null {
    const key = Buffer.alloc(family === 4 ? 12 : 36);
    let at = 0;
    for (const words of addresses)
      for (let i = family === 4 ? 3 : 0; i < 4; i++) at = key.writeUInt32BE(words[i]!, at);
    for (const port of ports) at = key.writeUInt16BE(port, at);
    return this.#unreachable.find(key.toString('hex'));
  }
}
