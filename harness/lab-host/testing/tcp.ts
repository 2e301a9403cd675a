import { connect, type Socket } from 'node:net';
import { decodePdu, Framer, type Pdu, type PduOf, readAnswer } from '../../../protocol';
import type { LabHost } from '../server';
import { bindOf, callOf, NDR32_CONTEXT, requestOf } from './lab';

const DEADLINE_MS = 5000;

export type Ended = 'fin' | 'reset';

/** A bare TCP client of a lab host: it sends bytes and takes PDUs. */
export class TcpClient {
  readonly pdus: Uint8Array[] = [];
  #ended: Ended | null = null;
  #wake: (() => void) | null = null;
  readonly #framer = new Framer();

  private constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#happened(() => this.pdus.push(...this.#framer.push(bytes))));
    socket.on('end', () => this.#happened(() => (this.#ended ??= 'fin')));
    socket.on('error', () => this.#happened(() => (this.#ended = 'reset')));
  }

  static async open(host: Pick<LabHost, 'address' | 'port'>): Promise<TcpClient> {
    const socket = connect({ host: host.address, port: host.port, allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new TcpClient(socket);
  }

  #happened(note: () => unknown): void {
    note();
    this.#wake?.();
  }

  send(...segments: Uint8Array[]): void {
    for (const segment of segments) this.socket.write(segment);
  }

  /** Waits until so many PDUs have come in all, and returns the last. @throws Error where they do not come in time */
  async received(count: number): Promise<Pdu> {
    await this.#until(() => this.pdus.length >= count, `${count} PDUs`);
    return decodePdu(this.pdus[count - 1]!);
  }

  /** Waits for the host to end the connection. */
  async ended(): Promise<Ended> {
    await this.#until(() => this.#ended !== null, 'the end');
    return this.#ended!;
  }

  /** Whether nothing comes in this time. */
  async isSilentFor(ms: number): Promise<boolean> {
    const before = this.pdus.length;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return this.pdus.length === before && this.#ended === null;
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!condition()) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`${what} did not come within ${DEADLINE_MS} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The Count in a response over NDR32. @throws Error where it is none */
export function countIn(pdu: Pdu): number {
  const answer = readAnswer(pdu as PduOf<'response'>, 'ndr32');
  if (answer.kind !== 'response') throw new Error(`no response but a ${answer.kind}`);
  return answer.value.currentClientCount;
}

/** One machine asks over a connection of its own. */
export async function countOf(host: Pick<LabHost, 'address' | 'port'>, machine: number): Promise<number> {
  const tcp = await TcpClient.open(host);
  try {
    tcp.send(bindOf([NDR32_CONTEXT]), callOf(requestOf(machine)));
    return countIn(await tcp.received(2));
  } finally {
    tcp.close();
  }
}

/** Waits for something that has no event of its own. @throws Error where it does not come to be in time */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come to be within ${DEADLINE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
