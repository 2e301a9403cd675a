import { type Encoding, encodeRequestStub } from '../../protocol';

type LyingStub = (message: Uint8Array, encoding: Encoding) => Uint8Array;

const withLengths =
  (requestSize: bigint, maxCount: bigint): LyingStub =>
  (message, encoding) =>
    encodeRequestStub({ requestSize, maxCount, message }, encoding);

/** Stubs of a request whose lengths do not say what is there. */
export const lyingStubs = {
  /** Both lengths claim a byte more than there is. */
  shorter: (message: Uint8Array, encoding: Encoding) =>
    encodeRequestStub({ message }, encoding).subarray(0, -1),
  /** The stub ends behind its lengths. */
  empty: (message: Uint8Array, encoding: Encoding) =>
    encodeRequestStub({ message }, encoding).subarray(0, 2 * encoding.ndrWidth),
  /** There is nothing at all. */
  nothing: (): Uint8Array => new Uint8Array(0),
  withLengths,
  /** The lengths are right, and octets follow that they do not count. */
  followedBy:
    (octets: Uint8Array): LyingStub =>
    (message, encoding) =>
      Buffer.concat([encodeRequestStub({ message }, encoding), octets]),
  /** As `followedBy`, with zeros up to that size. */
  filledUpTo:
    (size: number): LyingStub =>
    (message, encoding) => {
      const stub = new Uint8Array(size);
      stub.set(encodeRequestStub({ message }, encoding));
      return stub;
    },
} as const;
