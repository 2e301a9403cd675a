import type { Granted } from '../../harness/jobs/suite/host/reply';
import { octetsInWords } from '../../harness/jobs/suite/wording/values';
import {
  displayValue,
  encodeResponse,
  type FieldSpan,
  kmsResponse,
  type KmsResponse,
  responseFieldMap,
} from '../../protocol';
import { Deviation } from './deviation';
import { fieldHint } from './field-hints';

const LONGEST = 60;

type FieldName = keyof KmsResponse;

/** A field of a response has that value. @throws Deviation that says which octets are wrong, where, and what they are usually wrong by */
export function expectField<Name extends FieldName>(
  answer: Granted,
  name: Name,
  expected: KmsResponse[Name],
): void {
  if (isSame(answer.response[name], expected)) return;
  const wanted = octetsOf(encodeResponse({ ...answer.response, [name]: expected }), name);
  throw fieldDeviation(answer, name, displayValue(kmsResponse.fields[name], expected), wanted);
}

const isSame = (one: unknown, other: unknown): boolean =>
  one instanceof Uint8Array && other instanceof Uint8Array ? Buffer.from(one).equals(other) : one === other;

/** As `expectField`, where several values would do: `expected` says which. */
export function expectFieldToBe(answer: Granted, name: FieldName, fits: boolean, expected: string): void {
  if (!fits) throw fieldDeviation(answer, name, expected);
}

function fieldDeviation(answer: Granted, name: FieldName, expected: string, wanted?: Uint8Array): Deviation {
  const span = spanOf(answer.bytes, name);
  const octets = answer.bytes.subarray(span.offset, span.offset + span.length);
  const hint = fieldHint({ name, answer, octets, ...(wanted === undefined ? {} : { wanted }) });
  return new Deviation({
    subject: name,
    expected,
    received: shortened(displayValue(span.field, answer.response[name])),
    place: `at offset ${span.offset} of the message: ${octetsInWords(octets)}`,
    field: {
      path: span.path,
      ...(wanted === undefined ? {} : { expectedHex: Buffer.from(wanted).toString('hex') }),
    },
    hint,
  });
}

/** The octets are told beside it. */
const shortened = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);

function octetsOf(message: Uint8Array, name: FieldName): Uint8Array {
  const { offset, length } = spanOf(message, name);
  return message.subarray(offset, offset + length);
}

function spanOf(message: Uint8Array, name: FieldName): FieldSpan {
  return responseFieldMap(message).find(({ path }) => path === `kms.response.${name}`)!;
}
