import { isDeepStrictEqual } from 'node:util';
import { readAnswer, readRequest } from '../call';
import { ProtocolError } from '../errors';
import { decodeRequest, decodeResponse } from '../message';
import { decodeHeader, decodePdu } from '../pdu';
import { protocolErrorOf } from './expect-error';

/** Octets before and behind a PDU in the buffer of which it is a part. */
const MARGIN = 64;

/** The same bytes as a part of a larger buffer that is filled with `fill` around them. */
export function surrounded(bytes: Uint8Array, fill: number): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 2 * MARGIN).fill(fill);
  buffer.set(bytes, MARGIN);
  return buffer.subarray(MARGIN, MARGIN + bytes.length);
}

/** What everything that reads bytes from a peer makes of them: values, or what the error says. */
export function readings(bytes: Uint8Array): unknown[] {
  const read = (decode: () => unknown): unknown => {
    let value: unknown;
    const error = protocolErrorOf(() => (value = decode()));
    return error instanceof ProtocolError ? [error.code, error.path, error.offset, error.message] : value;
  };
  const pdu = read(() => decodePdu(bytes)) as ReturnType<typeof decodePdu> | readonly unknown[];
  const stubs =
    !('kind' in pdu) || (pdu.kind !== 'request' && pdu.kind !== 'response')
      ? []
      : (['ndr32', 'ndr64'] as const).map((syntax) =>
          read(() => (pdu.kind === 'request' ? readRequest(pdu, syntax) : readAnswer(pdu, syntax))),
        );
  return [
    pdu,
    ...stubs,
    read(() => decodeHeader(bytes)),
    read(() => decodeRequest(bytes)),
    read(() => decodeResponse(bytes)),
  ];
}

/** @throws Error where what is read depends on octets beyond the bytes that were handed in */
export function expectNoLookBeyond(bytes: Uint8Array): void {
  const [a, b] = [0x00, 0xff].map((fill) => readings(surrounded(bytes, fill)));
  if (!isDeepStrictEqual(a, b))
    throw new Error(
      `read differently where other octets stand around it: ${Buffer.from(bytes).toString('hex')}`,
    );
}
