import { type Server, Socket } from 'node:net';

/** An accepted connection, and how to hear what it reads. */
export interface Accepted {
  readonly socket: Socket;
  /** Called with each piece that came, in order; the bytes are the callee's. */
  onBytes(read: (bytes: Uint8Array) => void): void;
}

/** What a listening server of Node is told of each connection by. It is no part of Node's interface. */
interface Listening {
  onconnection?: (error: number, handle: object | undefined) => void;
}

/** Bytes of one read. Libuv reads as many at a time into memory of its own. */
const READ_SIZE = 65_536;
/** Reads of one thread come one after the other, and what they brought is copied before the next. */
const buffer = Buffer.allocUnsafeSlow(READ_SIZE);

/**
 * Has the sockets that a listening server accepts read into one buffer. Node allocates 64 KB for every read else, gives most of it back,
 * and takes the rest through its streams: 3 us of the 5 us that a server's part of an exchange takes beside system calls. It lets a socket
 * that connects choose (`onread`), and makes one that was accepted by the same constructor without asking: where the server's handle is not
 * as expected, sockets read as Node has it, and all else is the same.
 * @param accepted called for each connection. The server does not count them: whoever closes it closes them, and waits for that
 */
export function acceptInto(
  server: Server,
  accepted: (connection: Accepted) => void,
  handle = (server as { _handle?: Listening | null })._handle,
): void {
  if (typeof handle?.onconnection !== 'function') {
    server.on('connection', (socket: Socket) => accepted(ofStream(socket)));
    return;
  }
  const { onconnection } = handle;
  handle.onconnection = function (this: Listening, error, accepting): void {
    if (error !== 0 || accepting === undefined) onconnection.call(this, error, accepting);
    else accepted(ofHandle(accepting));
  };
}

function ofHandle(handle: object): Accepted {
  let take = (_: Uint8Array): void => {};
  const options = {
    handle,
    allowHalfOpen: true,
    readable: true,
    writable: true,
    onread: {
      buffer,
      callback: (length: number): boolean => {
        const bytes = Buffer.allocUnsafe(length);
        buffer.copy(bytes, 0, 0, length);
        take(bytes);
        return true;
      },
    },
  };
  const socket = new Socket(options);
  return { socket, onBytes: (read) => void (take = read) };
}

function ofStream(socket: Socket): Accepted {
  return { socket, onBytes: (read) => void socket.on('data', read) };
}
