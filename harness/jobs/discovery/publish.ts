import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { type Endpoint, formatEndpoint } from '../../client/endpoint';
import type { Random } from '../../support/random';
import { isLoopbackAddress } from '../../target/loopback';
import { UsageError } from '../../support/usage-error';
import { DnsError, dnsErrorOf } from '../../target/discovery/dns-error';
import { serviceName } from '../../target/discovery/published-hosts';
import { encodeUpdate, isAnswerTo, type PublishedRecords, updateProblem } from './update-message';

/** What is published of a host, and where: on loopback only. */
export interface PublishOptions {
  /** Where to publish: `_vlmcs._tcp.DOMAIN`. */
  readonly domain: string;
  /** A loopback DNS server that takes updates. */
  readonly server: Endpoint;
  /** Where the host listens; loopback too. */
  readonly host: Endpoint;
  /** Name of the host in the domain; `kms-PORT.DOMAIN` without it. */
  readonly name?: string | undefined;
  readonly priority?: number;
  readonly weight?: number;
  readonly random: Random;
  /** For each try; there are two. */
  readonly timeoutMs?: number;
}

/** Records that were published, and how to take them back. */
export interface Publication {
  readonly records: PublishedRecords;
  /** Deletes exactly the records that were published. @throws DnsError */
  withdraw(): Promise<void>;
}

/** Short, so that a lab's changes are seen at once. */
const TTL_SECONDS = 60;
const TRIES = 2;
const DEFAULT_TIMEOUT_MS = 2000;

/**
 * Publishes a lab host by dynamic update (RFC 2136), as KMS hosts do (understanding-kms 2.5): its SRV record, and an address
 * for its name.
 * @throws UsageError where server or host are not on this machine
 * @throws DnsError where the server does not take it
 */
export async function publish(options: PublishOptions): Promise<Publication> {
  const { server, host, domain } = options;
  requireLoopback(server, 'the DNS server');
  requireLoopback(host, 'the published host');
  const records: PublishedRecords = {
    service: serviceName(domain),
    target: options.name ?? `kms-${host.port}.${domain}`,
    port: host.port,
    priority: options.priority ?? 0,
    weight: options.weight ?? 0,
    address: host.host,
    ttl: TTL_SECONDS,
  };
  const zone = await zoneOf(records.service, options);
  await update(zone, records, options, false);
  return { records, withdraw: () => update(zone, records, options, true) };
}

function requireLoopback(endpoint: Endpoint, what: string): void {
  if (isLoopbackAddress(endpoint.host)) return;
  throw new UsageError(
    `${what} ${formatEndpoint(endpoint)} is not on this machine; a lab host is published in loopback DNS servers only`,
  );
}

/** The zone that holds a name: the nearest name above it that has an SOA record. */
async function zoneOf(
  name: string,
  { server, timeoutMs = DEFAULT_TIMEOUT_MS }: PublishOptions,
): Promise<string> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: TRIES });
  resolver.setServers([formatEndpoint(server)]);
  const labels = name.split('.');
  for (let i = 0; i < labels.length; i++) {
    const candidate = labels.slice(i).join('.');
    try {
      await resolver.resolveSoa(candidate);
      return candidate;
    } catch (error) {
      const known = dnsErrorOf(error, candidate, 'SOA', formatEndpoint(server));
      if (known.code !== 'no-records' && known.code !== 'no-such-name') throw known;
    }
  }
  throw new DnsError({
    code: 'no-such-name',
    name,
    what: 'update',
    server: formatEndpoint(server),
    problem: 'the server holds no zone above that name',
  });
}

async function update(
  zone: string,
  records: PublishedRecords,
  options: PublishOptions,
  remove: boolean,
): Promise<void> {
  const id = options.random.int(0, 0xffff);
  const answer = await exchange(encodeUpdate(id, zone, records, remove), id, options, records.service);
  const problem = updateProblem(answer);
  if (problem !== null) throw updateError(records.service, options, 'refused', problem);
}

/** Sends over UDP and takes the answer; sent again once where none comes. */
function exchange(
  message: Uint8Array,
  id: number,
  options: PublishOptions,
  name: string,
): Promise<Uint8Array> {
  const { server, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
  return new Promise<Uint8Array>((resolve, reject) => {
    let triesLeft = TRIES;
    const send = (): void => {
      if (triesLeft-- === 0) {
        finish(socket, timer, () =>
          reject(updateError(name, options, 'timed-out', `no answer in ${TRIES * timeoutMs} ms`)),
        );
        return;
      }
      socket.send(message);
    };
    const timer = setInterval(send, timeoutMs);
    socket.on('error', (error) => {
      finish(socket, timer, () => reject(updateError(name, options, 'unreachable', error.message)));
    });
    socket.on('message', (answer) => {
      if (isAnswerTo(answer, id)) finish(socket, timer, () => resolve(answer));
    });
    // Connected, so that a port where nobody listens is told at once, and strangers are not heard.
    socket.connect(server.port, server.host, send);
  });
}

function finish(socket: Socket, timer: NodeJS.Timeout, settle: () => void): void {
  clearInterval(timer);
  socket.removeAllListeners();
  socket.on('error', () => undefined);
  socket.close();
  settle();
}

function updateError(
  name: string,
  { server }: PublishOptions,
  code: 'refused' | 'timed-out' | 'unreachable',
  problem: string,
): DnsError {
  return new DnsError({ code, name, what: 'update of', server: formatEndpoint(server), problem });
}
