import type { Granted } from '../../harness/jobs/suite/host/reply';
import { kmsRequest, type KmsResponse, requestFieldMap } from '../../protocol';

/** A field of a response that is wrong, and the octets that it should have had where there is one right value. */
export interface WrongField {
  readonly name: keyof KmsResponse;
  readonly answer: Granted;
  readonly octets: Uint8Array;
  readonly wanted?: Uint8Array;
}

const SECONDS_IN_A_MINUTE = 60;

/** What a wrong field of a response usually comes from, told by its octets; undefined where they tell nothing. */
export function fieldHint(wrong: WrongField): string | undefined {
  return HINTS.map((hint) => hint(wrong)).find((said) => said !== undefined);
}

const HINTS: readonly ((wrong: WrongField) => string | undefined)[] = [
  ({ octets }) =>
    octets.length > 2 && octets.every((octet) => octet === 0) ? 'it is all zeros: is it written?' : undefined,
  otherFieldOfTheRequest,
  byteOrder,
  clientTime,
  intervals,
  ({ name, answer }) =>
    name === 'ePidSize' ||
    (name === 'ePid' && (typeof answer.response.ePid !== 'string' || answer.response.ePid === ''))
      ? 'the ePID is UTF-16LE with a NUL character at its end, which PIDSize counts in octets'
      : undefined,
];

function otherFieldOfTheRequest({ octets, answer }: WrongField): string | undefined {
  if (octets.length < 8) return undefined;
  const { bytes } = answer.exchange.request;
  const same = requestFieldMap(bytes).find(({ offset, length }) =>
    Buffer.from(octets).equals(bytes.subarray(offset, offset + length)),
  );
  if (same === undefined || !(same.path in PATHS)) return undefined;
  return `that is the ${PATHS[same.path]} of the request`;
}

/** Names of the request's fields by their layout paths. */
const PATHS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(kmsRequest.fields).map((name) => [`kms.request.${name}`, name]),
);

function byteOrder({ octets, wanted }: WrongField): string | undefined {
  if (wanted === undefined || wanted.length < 2 || wanted.length !== octets.length) return undefined;
  if (Buffer.from(octets).equals(Buffer.from(wanted).reverse())) {
    return 'those are the right octets from back to front: the message is little-endian';
  }
  if (octets.length !== 16 || !GUID_GROUPS.every((group) => sameOrReversed(group, octets, wanted)))
    return undefined;
  return 'the first three groups of a GUID are little-endian on the wire: copy the 16 octets of the request';
}

/** The groups of a GUID that are little-endian, and the rest. */
const GUID_GROUPS: readonly (readonly [start: number, end: number, swaps: boolean])[] = [
  [0, 4, true],
  [4, 6, true],
  [6, 8, true],
  [8, 16, false],
];

function sameOrReversed(
  [start, end, swaps]: (typeof GUID_GROUPS)[number],
  octets: Uint8Array,
  wanted: Uint8Array,
): boolean {
  const [one, other] = [octets, wanted].map((bytes) => Buffer.from(bytes.subarray(start, end)));
  return one!.equals(other!) || (swaps && one!.equals(other!.reverse()));
}

function clientTime({ name, answer }: WrongField): string | undefined {
  const { content } = answer.exchange.request;
  if (name !== 'requestTime' || content.kind !== 'clear') return undefined;
  const off = answer.response.requestTime - content.value.requestTime;
  return off > -10_000n && off < 10_000n
    ? 'is it kept in milliseconds or microseconds? A FILETIME counts 100 ns: copy its 8 octets'
    : "is it the host's own clock? It is the request's: copy its 8 octets";
}

function intervals({ name, answer, wanted }: WrongField): string | undefined {
  const { activationIntervalMinutes: activation, renewalIntervalMinutes: renewal } = answer.response;
  if (!name.endsWith('IntervalMinutes') || wanted === undefined) return undefined;
  const received = name === 'activationIntervalMinutes' ? activation : renewal;
  const expected = Buffer.from(wanted).readUInt32LE();
  if (received === expected * SECONDS_IN_A_MINUTE) return 'are those seconds? It is told in minutes';
  const other = name === 'activationIntervalMinutes' ? renewal : activation;
  return other === expected ? 'are the two intervals swapped?' : undefined;
}
