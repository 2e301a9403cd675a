import type { Socket } from 'node:net';
import type { HostFailure } from './host-failure';

/**
 * Waits until the system has taken what was written to a socket.
 * @throws HostFailure `late` after `timeoutMs`, `over` where the socket is closed before
 */
export function drained(
  socket: Socket,
  timeoutMs: number,
  failures: { readonly late: () => HostFailure; readonly over: () => HostFailure },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (failure?: () => HostFailure) => (): void => {
      clearTimeout(timer);
      socket.off('drain', onDrain).off('close', onClose);
      if (failure === undefined) resolve();
      else reject(failure());
    };
    const onDrain = settle();
    const onClose = settle(failures.over);
    const timer = setTimeout(settle(failures.late), timeoutMs);
    socket.once('drain', onDrain).once('close', onClose);
  });
}
