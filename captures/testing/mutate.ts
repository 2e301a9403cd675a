/** A small seeded generator (mulberry32): the same seed gives the same mutations. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Damages a capture in one to eight ways: flips, extreme values, cuts, repeated, lost and moved parts. */
export function mutate(original: Buffer, random: (below: number) => number): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let i = 1 + random(8); i > 0 && bytes.length > 8; i--) bytes = mutateOnce(bytes, random);
  return bytes;
}

function mutateOnce(bytes: Buffer, random: (below: number) => number): Buffer {
  const at = random(bytes.length - 4);
  const length = 1 + random(Math.min(200, bytes.length - at));
  switch (random(8)) {
    case 0:
    case 1:
    case 2:
      bytes[at] = bytes[at]! ^ (1 << random(8));
      return bytes;
    case 3:
      bytes.writeUInt32LE(EXTREMES[random(EXTREMES.length)]!, at);
      return bytes;
    case 4:
      bytes.writeUInt16BE(random(0x10000), at);
      return bytes;
    case 5:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 6:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    default:
      return random(4) === 0 ? bytes.subarray(0, at + 1) : bytes.fill(random(256), at, at + length);
  }
}
