import type { Socket } from 'node:net';

/**
 * Ends a connection with RST and releases the socket. While a FIN is on its way, libuv refuses a reset (EINVAL) and Node never lets go of
 * the handle, which then keeps the process alive: there the socket is released without one.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
