import { isIPv6 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** The errno of an error, as Node names it; '' where it has none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/**
 * What of several addresses that failed (happy eyeballs) tells most: an address that a host was asked at says more than one to which this
 * machine has no way. Any other error is told as it is.
 * @param saysLittle of a code
 */
export function tellingError(error: unknown, saysLittle: (code: string) => boolean): unknown {
  if (!(error instanceof AggregateError) || error.errors.length === 0) return error;
  const errors = error.errors as readonly unknown[];
  return errors.find((each) => !saysLittle(codeOf(each))) ?? errors[0];
}

type Interfaces = NodeJS.Dict<readonly Pick<NetworkInterfaceInfo, 'family' | 'internal'>[]>;

/**
 * Whether an address was not available because this machine has none of its family: no IPv6 at all, as in many a container, or none but
 * ::1. Linux then says EADDRNOTAVAIL, as it does where all ports are taken.
 */
export function lacksFamily(error: unknown, interfaces: () => Interfaces = ownInterfaces): boolean {
  if (codeOf(error) !== 'EADDRNOTAVAIL') return false;
  const { address } = error as { address?: unknown };
  if (typeof address !== 'string' || !isIPv6(address)) return false;
  const own = Object.values(interfaces()).flatMap((each) => each ?? []);
  if (own.length === 0) return false;
  const isHere = address === '::1';
  return !own.some(({ family, internal }) => family === 'IPv6' && (isHere || !internal));
}

/** None where the system does not tell: it takes a descriptor to ask, and that may be what has run out. */
function ownInterfaces(): Interfaces {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}
