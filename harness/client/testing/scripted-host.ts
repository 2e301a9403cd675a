import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  btfnBits,
  decodePdu,
  encodePdu,
  encodeResponse,
  encodeResponseStub,
  Framer,
  KMS_INTERFACE,
  type KmsResponseInput,
  LITTLE_ENDIAN,
  NDR32,
  type Pdu,
  type PduInput,
  type PduOf,
  ProtocolError,
} from '../../../protocol';
import type { Endpoint } from '../endpoint';

/** One connection of a scripted host, as its script sees it. */
export class Peer {
  readonly #framer = new Framer();
  #pdus: Uint8Array[] = [];
  #wake: (() => void) | null = null;
  ended = false;

  constructor(
    readonly socket: Socket,
    /** Refuses all further connections; those that are open stay. */
    readonly stopListening: () => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      try {
        this.#pdus.push(...this.#framer.push(chunk));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        // No PDU: a script has nothing to say to it, and the connection is over.
        socket.destroy();
      }
      this.#wake?.();
    });
    socket.on('end', () => ((this.ended = true), this.#wake?.()));
    socket.on('close', () => ((this.ended = true), this.#wake?.()));
    socket.on('error', () => this.#wake?.());
  }

  /** The client's next PDU; null where it has closed instead. */
  async next(): Promise<Pdu | null> {
    while (this.#pdus.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const pdu = this.#pdus.shift();
    return pdu === undefined ? null : decodePdu(pdu);
  }

  send(bytes: Uint8Array | PduInput): void {
    if (!this.socket.destroyed) this.socket.write(bytes instanceof Uint8Array ? bytes : encodePdu(bytes));
  }

  /** Sends bytes in writes of their own. */
  async sendInPieces(bytes: Uint8Array, size = 1): Promise<void> {
    for (let at = 0; at < bytes.length && !this.socket.destroyed; at += size) {
      this.send(bytes.subarray(at, at + size));
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Takes a bind and accepts NDR32. */
  async acceptBind(): Promise<PduOf<'bind'> | null> {
    const bind = await this.next();
    if (bind?.kind !== 'bind') return null;
    this.send(bindAck(bind));
    return bind;
  }

  /** Takes a bind and a request; null where the client goes away before. */
  async bound(): Promise<PduOf<'request'> | null> {
    if ((await this.acceptBind()) === null) return null;
    const request = await this.next();
    return request?.kind === 'request' ? request : null;
  }
}

const ZERO_SYNTAX = { uuid: '00000000-0000-0000-0000-000000000000', version: 0 };

/** A bind_ack that accepts NDR32, rejects the rest and grants what BTFN offers. */
export function bindAck(bind: PduOf<'bind' | 'alterContext'>): PduInput {
  const results = bind.body.contexts.map(({ abstractSyntax, transferSyntaxes: [syntax] }) => {
    const bits = btfnBits(syntax!);
    if (bits !== undefined) return { result: 3, reason: bits, transferSyntax: ZERO_SYNTAX };
    if (abstractSyntax.uuid !== KMS_INTERFACE.uuid)
      return { result: 2, reason: 1, transferSyntax: ZERO_SYNTAX };
    if (syntax!.uuid !== NDR32.uuid) return { result: 2, reason: 2, transferSyntax: ZERO_SYNTAX };
    return { result: 0, reason: 0, transferSyntax: NDR32 };
  });
  return {
    kind: bind.kind === 'bind' ? 'bindAck' : 'alterContextResp',
    header: { callId: bind.header.callId },
    body: {
      maxXmitFrag: 5840,
      maxRecvFrag: 5840,
      assocGroupId: 1,
      secondaryAddress: bind.kind === 'bind' ? Buffer.from('1688\0') : new Uint8Array(0),
      results,
    },
  };
}

/** A good answer to `request`, with a count. */
export function response(
  request: PduOf<'request'>,
  count = 1,
  fields: Partial<KmsResponseInput> = {},
): Uint8Array {
  const message = request.body.stub.subarray(8);
  const value: KmsResponseInput = {
    minorVersion: 0,
    majorVersion: 4,
    ePid: '55041-00206-234-567890-03-1033-7601.0000-3252026',
    clientMachineId: NIL,
    requestTime: Buffer.from(message).readBigUInt64LE(84),
    currentClientCount: count,
    activationIntervalMinutes: 120,
    renewalIntervalMinutes: 10080,
    ...fields,
  };
  const encoded = Buffer.from(encodeResponse(value));
  Buffer.from(message).copy(encoded, encoded.length - 52, 64, 80);
  return encodePdu({
    kind: 'response',
    header: { callId: request.header.callId },
    body: {
      contextId: request.body.contextId,
      stub: encodeResponseStub({ message: encoded }, LITTLE_ENDIAN),
    },
  });
}

const NIL = '00000000-0000-0000-0000-000000000000';

export interface ScriptedHost extends Endpoint {
  /** Connections that are open now. */
  open(): number;
  /** Connections there were. */
  total(): number;
  /** Resolves when no connection is open. @throws Error where one still is after 10 seconds */
  allClosed(): Promise<void>;
  close(): Promise<void>;
}

/** How long a closing connection may take to be seen on a busy machine. */
const CLOSE_LIMIT_MS = 10_000;

/** A host on an ephemeral loopback port that does to each connection what `script` says. */
export async function scriptedHost(
  script: (peer: Peer, index: number) => Promise<void> | void,
  address = '127.0.0.1',
): Promise<ScriptedHost> {
  const sockets = new Set<Socket>();
  let total = 0;
  let onAllClosed = (): void => undefined;
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) onAllClosed();
    });
    const peer = new Peer(socket, () => void server.close());
    void Promise.resolve(script(peer, total++))
      // A script says what comes before the client's FIN; behind it the host closes too.
      .then(() => (peer.ended ? socket.end() : socket.once('end', () => socket.end())))
      .catch((error: unknown) => socket.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: address,
    port,
    open: () => sockets.size,
    total: () => total,
    allClosed: async () => {
      if (sockets.size === 0) return;
      const left = (): Error => new Error(`${sockets.size} connections are still open`);
      await new Promise<void>((resolve, reject) => {
        const limit = setTimeout(() => reject(left()), CLOSE_LIMIT_MS);
        onAllClosed = () => resolve(clearTimeout(limit));
      });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Serves good answers, counting up over all connections. */
export function goodHost(address?: string): Promise<ScriptedHost> {
  let count = 0;
  return scriptedHost(async (peer) => {
    if ((await peer.acceptBind()) === null) return;
    for (let pdu = await peer.next(); pdu !== null; pdu = await peer.next()) {
      if (pdu.kind === 'request') peer.send(response(pdu, ++count));
      if (pdu.kind === 'alterContext') peer.send(bindAck(pdu));
    }
    peer.socket.end();
  }, address);
}
