import { createServer, type Socket } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Bytes of a recorded conversation: what the client sends to bind and to ask, and what the host answers. */
export interface Conversation {
  readonly bind: Uint8Array;
  readonly bindAck: Uint8Array;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

/** Where the call_id stands in every PDU. */
const CALL_ID = 12;

export interface CannedResponder {
  readonly port: number;
  close(): Promise<void>;
}

/** A responder in a thread of its own that answers with the same bytes whatever it is asked: the floor that no client can go below. */
export async function startCannedResponder(conversation: Conversation): Promise<CannedResponder> {
  const worker = new Worker(__filename, { workerData: conversation, execArgv: ['-r', 'ts-node/register'] });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { port, close: async () => void (await worker.terminate()) };
}

/** The first bytes of a connection are the bind, each later piece of the request's length is a request. */
export function serve(socket: Socket, { bind, bindAck, request, response }: Conversation): void {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  let awaited = bind.length;
  let bound = false;
  socket.on('data', (bytes: Buffer) => {
    awaited -= bytes.length;
    if (awaited > 0) return;
    if (!bound) {
      bound = true;
      socket.write(bindAck);
    } else {
      const answer = Buffer.from(response);
      // A client checks the call_id; requests come whole on loopback.
      bytes.copy(answer, CALL_ID, CALL_ID, CALL_ID + 4);
      socket.write(answer);
    }
    awaited = request.length;
  });
}

if (!isMainThread && parentPort !== null) {
  const server = createServer((socket) => serve(socket, workerData as Conversation));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
    parentPort!.postMessage((server.address() as { port: number }).port);
  });
}
