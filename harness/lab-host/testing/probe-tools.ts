import { bindOf, callOf, Lab, NDR32_CONTEXT, requestOf } from './lab';

/** A conversation, or several, with a pure lab host; what it returns tells hosts apart. */
export type Probe = (lab: Lab) => string[];

export const NDR32_ONLY = bindOf([NDR32_CONTEXT]);
export const OTHER_INTERFACE = { uuid: '12345678-1234-abcd-ef00-0123456789ab', major: 1, minor: 0 };

/** Each message over a connection of its own. */
export function ask(lab: Lab, messages: readonly Uint8Array[]): string[] {
  return messages.flatMap((message) => {
    const connection = lab.associate();
    connection.send(NDR32_ONLY);
    connection.send(callOf(message));
    connection.leave();
    return connection.log;
  });
}

/** All of these bytes over one connection, a segment each. */
export function talk(lab: Lab, segments: readonly Uint8Array[]): string[] {
  const connection = lab.associate();
  for (const segment of segments) connection.send(segment);
  connection.leave();
  return connection.log;
}

export const machines = (
  from: number,
  count: number,
  key: Parameters<typeof requestOf>[1] = 'win7',
): Uint8Array[] => Array.from({ length: count }, (_, i) => requestOf(from + i, key));

/** A small change to a message that is valid otherwise. */
export function withBytes(message: Uint8Array, offset: number, octets: readonly number[]): Uint8Array {
  const changed = Uint8Array.from(message);
  changed.set(octets, offset);
  return changed;
}

export const call = callOf(requestOf(1));
