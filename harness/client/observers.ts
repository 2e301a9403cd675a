import type { ConnectionObserver } from '.';

/** Several observers as one. */
export function observers(...all: readonly (ConnectionObserver | undefined)[]): ConnectionObserver {
  const present = all.filter((one) => one !== undefined);
  return {
    opened: (connection, atNs) => present.forEach((one) => one.opened?.(connection, atNs)),
    sent: (connection, bytes, atNs) => present.forEach((one) => one.sent?.(connection, bytes, atNs)),
    received: (connection, bytes, atNs) => present.forEach((one) => one.received?.(connection, bytes, atNs)),
    closed: (connection, how, atNs) => present.forEach((one) => one.closed?.(connection, how, atNs)),
  };
}
