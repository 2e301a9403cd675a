import type { Encoding } from '../../protocol/codec/encoding';
import { ProtocolError } from '../../protocol/errors';
import { decodeRequestStub } from '../../protocol/stub';

/** The request message in a stub, or null where the stub's lengths lie. */
export function readStub(stub: Uint8Array, encoding: Encoding): Uint8Array | null {
  try {
    const { requestSize, maxCount, message } = decodeRequestStub(stub, encoding);
    // In NDR64 the size is a 4-byte int and 4 octets of padding, which may hold anything.
    return BigInt.asUintN(32, requestSize) === maxCount ? message : null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return null;
  }
}
