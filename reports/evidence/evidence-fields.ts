import {
  answerStubFieldMap,
  decodeAnswerStub,
  decodePdu,
  decodeRequestStub,
  displayValue,
  encodingOf,
  fieldMap,
  pduFieldMap,
  requestFieldMap,
  requestStub,
  responseFieldMap,
  type Encoding,
  type FieldSpan,
  type Pdu,
  stubEncoding,
  type TransferSyntax,
} from '../../protocol';
import { syntaxByShape } from './evidence-syntax';
import type { Evidence, EvidenceField } from '../results/result';

/**
 * Which bytes of a recorded PDU are which field: what the evidence itself says, and for the other bytes what the
 * layouts say of the PDU, of the stub in it, and of the KMS message in that. Bytes that do not decode have no fields.
 * @param syntax of the stub, as `transferSyntaxes` tells it from the conversation; without it the stub's shape decides
 */
export function evidenceFields(evidence: Evidence, syntax?: TransferSyntax): EvidenceField[] {
  const told = evidence.fields ?? [];
  const known = layoutFields(Uint8Array.from(Buffer.from(evidence.hex, 'hex')), syntax);
  const free = known.filter((field) => !told.some((other) => overlap(field, other)));
  return [...told, ...free].sort((one, other) => one.offset - other.offset || other.length - one.length);
}

function overlap(one: EvidenceField, other: EvidenceField): boolean {
  return one.offset < other.offset + other.length && other.offset < one.offset + one.length;
}

function layoutFields(bytes: Uint8Array, syntax: TransferSyntax | undefined): EvidenceField[] {
  const spans = attempt(() => pduFieldMap(bytes)) ?? [];
  const pdu = spans.length === 0 ? undefined : attempt(() => decodePdu(bytes));
  const inner = pdu === undefined ? [] : stubSpans(pdu, bytes, syntax);
  const [first] = inner;
  const outer = first === undefined ? spans : spans.filter(({ offset }) => offset < first.offset);
  return [...outer, ...inner].filter(({ length }) => length > 0).map(toField);
}

function toField({ path, field, offset, length, value }: FieldSpan): EvidenceField {
  return { path, offset, length, value: displayValue(field, value), title: field.doc };
}

/**
 * The fields of the stub and of its message by the transfer syntax, and where nothing tells it by the first under which
 * the whole decodes. A stub that does not decode by its own syntax has none: read by the other it would be another answer.
 */
function stubSpans(pdu: Pdu, bytes: Uint8Array, told: TransferSyntax | undefined): FieldSpan[] {
  if (pdu.kind !== 'request' && pdu.kind !== 'response') return [];
  const { stub } = pdu.body;
  const start = stub.byteOffset - bytes.byteOffset;
  const syntax = told ?? syntaxByShape(pdu);
  const { bigEndian } = encodingOf(pdu.header.drep);
  for (const candidate of syntax === undefined ? (['ndr32', 'ndr64'] as const) : [syntax]) {
    const encoding = stubEncoding(candidate, bigEndian);
    const spans = attempt(() => (pdu.kind === 'request' ? requestSpans : answerSpans)(stub, encoding));
    if (spans !== undefined) return moved(spans, start);
  }
  return [];
}

function requestSpans(stub: Uint8Array, encoding: Encoding): FieldSpan[] {
  const { message } = decodeRequestStub(stub, encoding);
  return nest(fieldMap(requestStub, stub, encoding), message, stub, requestFieldMap(message));
}

function answerSpans(stub: Uint8Array, encoding: Encoding): FieldSpan[] {
  const answer = decodeAnswerStub(stub, encoding);
  const spans = answerStubFieldMap(stub, encoding);
  if (answer.kind === 'refusal') return spans;
  const { message } = answer.value;
  return nest(spans, message, stub, responseFieldMap(message));
}

/** Puts the fields of the message in the place of the one field that holds it. */
function nest(spans: FieldSpan[], message: Uint8Array, stub: Uint8Array, inner: FieldSpan[]): FieldSpan[] {
  const start = message.byteOffset - stub.byteOffset;
  return spans.flatMap((span) =>
    span.offset === start && span.length === message.length ? moved(inner, start) : [span],
  );
}

function moved(spans: readonly FieldSpan[], by: number): FieldSpan[] {
  return spans.map((span) => ({ ...span, offset: span.offset + by }));
}

/** Evidence may hold any bytes: what does not decode has no fields, and is shown without. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
