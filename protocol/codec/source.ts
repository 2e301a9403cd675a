/**
 * Pieces of generated source for integers, shared by the compiled decoder and encoder. `b` is the
 * byte array and `o` the offset in scope.
 */
export function readUint(size: 1 | 2 | 4, bigEndian: boolean): string {
  const octets = octetOrder(size, bigEndian).map((shift, i) => `b[o + ${i}]${shift ? ` << ${shift}` : ''}`);
  return size === 4 ? `((${octets.join(' | ')}) >>> 0)` : `(${octets.join(' | ')})`;
}

export function writeUint(size: 1 | 2 | 4, bigEndian: boolean, value: string): string {
  return octetOrder(size, bigEndian)
    .map((shift, i) => `b[o + ${i}] = ${value}${shift ? ` >>> ${shift}` : ''};`)
    .join('');
}

function octetOrder(size: number, bigEndian: boolean): number[] {
  const shifts = Array.from({ length: size }, (_, i) => 8 * i);
  return bigEndian ? shifts.reverse() : shifts;
}

/** 64-bit integers go through eight octets of scratch memory: a DataView for each message costs more than the rest of it. */
const scratch = new Uint8Array(8);
const scratchView = new DataView(scratch.buffer);

export function readU64(bytes: Uint8Array, offset: number, bigEndian: boolean): bigint {
  for (let i = 0; i < 8; i++) scratch[i] = bytes[offset + i]!;
  return scratchView.getBigUint64(0, !bigEndian);
}

export function writeU64(target: Uint8Array, offset: number, value: bigint, bigEndian: boolean): void {
  scratchView.setBigUint64(0, value, !bigEndian);
  for (let i = 0; i < 8; i++) target[offset + i] = scratch[i]!;
}
