import type { Packets } from './packets';

/** Moves the client's sequence numbers so that they wrap `before` bytes after the first. */
export function shiftSequences(packet: Packets[number], before: number): Packets[number] {
  const data = Buffer.from(packet.data);
  const fromClient = data.readUInt16BE(36) === 1688;
  const first = 0x10002; // the first byte behind the SYN of the writer's first conversation
  const shift = (0x1_0000_0000 - before - first) >>> 0;
  const at = fromClient ? 38 : 42;
  const isAck = (data[47]! & 16) !== 0;
  if (fromClient || isAck) data.writeUInt32BE((data.readUInt32BE(at) + shift) >>> 0, at);
  return { ...packet, data };
}
