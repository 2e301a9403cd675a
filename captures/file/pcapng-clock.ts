import type { PacketClock } from '../packet';

/**
 * The clock of a pcapng interface (draft-ietf-opsawg-pcapng, if_tsresol and if_tsoffset): a 64-bit count of units.
 * @param resolution the octet of if_tsresol: a power of ten, or of two where the top bit is set; 6 where there is none
 * @param offsetSeconds if_tsoffset, to be added
 */
export function pcapngClock(resolution: number, offsetSeconds: bigint): PacketClock {
  const exponent = resolution & 0x7f;
  const unitsPerSecond = (resolution & 0x80) !== 0 ? 1n << BigInt(exponent) : 10n ** BigInt(exponent);
  const secondsPerUnit = 1 / Number(unitsPerSecond);
  const offset = Number(offsetSeconds);
  return {
    nanoseconds: (high, low) => {
      const units = (BigInt(high) << 32n) | BigInt(low);
      return (units * 1_000_000_000n) / unitsPerSecond + offsetSeconds * 1_000_000_000n;
    },
    seconds: (high, low) => (high * 4_294_967_296 + low) * secondsPerUnit + offset,
  };
}

/** Simple packet blocks carry no time. */
export const NO_CLOCK: PacketClock = { nanoseconds: () => 0n, seconds: () => 0 };
