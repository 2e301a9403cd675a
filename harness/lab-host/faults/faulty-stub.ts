import { type Encoding, encodeResponseStub, HRESULT, REQUEST_SIZE } from '../../../protocol';
import { die } from './deadly-message';
import type { FaultSet } from './faults';
import type { FaultyService } from './faulty-service';

const HALF_OF_ALL = 0x8000_0000;
const SURPLUS = 8;
const MISSING = 4;

/** The two lengths of a request stub, as far as they are there. */
function lengths(stub: Uint8Array, { ndrWidth, bigEndian }: Encoding): readonly [number, number] | null {
  if (stub.length < 2 * ndrWidth) return null;
  const view = new DataView(stub.buffer, stub.byteOffset, stub.length);
  const at = (offset: number): number =>
    ndrWidth === 8 ? Number(view.getBigUint64(offset, !bigEndian)) : view.getUint32(offset, !bigEndian);
  return [at(0), at(ndrWidth)];
}

/** @throws HostDeath where the host has a fault that these lengths bring out */
export function meetStub(stub: Uint8Array, encoding: Encoding, faults: FaultSet): void {
  const sizes = lengths(stub, encoding);
  if (sizes === null) return;
  if (sizes.some((size) => size >= HALF_OF_ALL)) die('dies-of-huge-stub-size', faults);
  if (sizes.includes(0)) die('dies-of-empty-stub-size', faults);
}

/** What a host with faults reads out of a stub whose lengths lie; null where it, too, finds nothing. */
export function messageOfBadStub(stub: Uint8Array, encoding: Encoding, faults: FaultSet): Uint8Array | null {
  const content = stub.subarray(2 * encoding.ndrWidth);
  const sizes = lengths(stub, encoding);
  if (
    faults.has('grants-differing-sizes') &&
    sizes !== null &&
    sizes[0] !== sizes[1] &&
    content.length >= REQUEST_SIZE
  ) {
    return content.subarray(0, REQUEST_SIZE);
  }
  if (!faults.has('grants-short-stub') || content.length >= REQUEST_SIZE) return null;
  const whole = new Uint8Array(REQUEST_SIZE);
  whole.set(content);
  return whole;
}

/** The results of a granted call as a host with faults lays them out. */
export function distortResponseStub(
  message: Uint8Array,
  encoding: Encoding,
  faults: FaultSet,
  service: FaultyService,
): Uint8Array {
  const size = faults.has('stub-size-too-small') ? { responseSize: BigInt(message.length - MISSING) } : {};
  const trailing = faults.has('surplus-padding')
    ? new Uint8Array(SURPLUS)
    : faults.has('stale-stub-tail')
      ? service.responses.staleBytes()
      : new Uint8Array(0);
  return encodeResponseStub({ message, hresult: HRESULT.ok, trailing, ...size }, encoding);
}
