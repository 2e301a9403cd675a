import { type Encoding, encodingWith } from './codec/encoding';
import { Cursor, decodeFrom, type FieldSpan } from './codec/decode';
import { encodeAfter, encodeInto } from './codec/encode';
import { ProtocolError } from './errors';
import { isBigEndianAt, isBigEndianDrep } from './header-octets';
import type { InputOf, Layout, ValueOf } from './layout';
import {
  AUTH_TRAILER_HEADER_SIZE,
  authTrailerLayout,
  bindAckBody,
  bindBody,
  bindNakBody,
  DREP_LITTLE_ENDIAN,
  faultBody,
  HEADER_SIZE,
  otherBody,
  PFC,
  type PduHeader,
  type PduKind,
  pduHeader,
  PTYPE,
  requestBody,
  requestWithObjectBody,
  responseBody,
} from './pdu-layouts';

/** The layout of each kind of PDU behind its header. */
const BODIES = {
  request: requestBody,
  response: responseBody,
  fault: faultBody,
  bind: bindBody,
  bindAck: bindAckBody,
  bindNak: bindNakBody,
  alterContext: bindBody,
  alterContextResp: bindAckBody,
  shutdown: otherBody,
  coCancel: otherBody,
  orphaned: otherBody,
  unknown: otherBody,
} as const;

type Bodies = typeof BODIES;
type BodyValue<K extends keyof Bodies> = ValueOf<Bodies[K]> &
  (K extends 'request' ? { objectUuid?: string } : unknown);
type BodyInput<K extends keyof Bodies> = InputOf<Bodies[K]> &
  (K extends 'request' ? { objectUuid?: string | undefined } : unknown);

/** One decoded PDU: `kind` says which body it has. `authTrailer` holds what auth_length claims, undecoded. */
export type Pdu = { [K in keyof Bodies]: PduOf<K> }[keyof Bodies];
/** One decoded PDU of a kind. */
export interface PduOf<K extends keyof Bodies> {
  readonly kind: K;
  readonly header: PduHeader;
  readonly body: BodyValue<K>;
  readonly authTrailer: Uint8Array;
}

type HeaderInput = Partial<InputOf<typeof pduHeader>>;

/** What `encodePdu` takes: ptype, drep, frag_length and flags follow from the rest unless the header gives them. */
export type PduInput = { [K in keyof Bodies]: PduInputOf<K> }[keyof Bodies];
/** What `encodePdu` takes for a PDU of a kind. */
export interface PduInputOf<K extends keyof Bodies> {
  readonly kind: K;
  readonly header: HeaderInput;
  readonly body: BodyInput<K>;
  readonly authTrailer?: Uint8Array;
}

const DREP_OFFSET = 4;
const NOTHING = new Uint8Array(0);

/** An unknown kind has none. */
const PTYPES: Readonly<Partial<Record<keyof Bodies, number>>> = PTYPE;

const KINDS: ReadonlyMap<number, PduKind> = new Map(
  (Object.entries(PTYPE) as [PduKind, number][]).map(([kind, ptype]) => [ptype, kind]),
);

/** How the integers of a PDU with this packed_drep are laid out. */
export function encodingOf(drep: Uint8Array, ndrWidth: 4 | 8 = 4): Encoding {
  return encodingWith(isBigEndianDrep(drep[0]!), ndrWidth);
}

/**
 * Decodes the common header.
 * @throws ProtocolError `truncated`
 */
export function decodeHeader(bytes: Uint8Array): PduHeader {
  return readHeader(new Cursor(bytes, 0, bytes.length));
}

function readHeader(cursor: Cursor): PduHeader {
  // A header that is cut before its drep fails before an integer is read, in either order.
  return decodeFrom(pduHeader, cursor, encodingWith(isBigEndianAt(cursor.bytes), 4));
}

/**
 * Decodes one PDU that fills `bytes` exactly (see `Framer`). Values share memory with `bytes`.
 * @throws ProtocolError where the header is no DCE/RPC 5 header, a length lies, or the body does not fit its layout
 */
export function decodePdu(bytes: Uint8Array): Pdu {
  return decodeWith(new Cursor(bytes, 0, bytes.length));
}

/** The byte-to-field map of one PDU: header, body and authentication trailer. */
export function pduFieldMap(bytes: Uint8Array): FieldSpan[] {
  const cursor = new Cursor(bytes, 0, bytes.length);
  cursor.spans = [];
  const { authTrailer } = decodeWith(cursor);
  if (authTrailer.length > 0) {
    const trailer = new Cursor(bytes, bytes.length - authTrailer.length, bytes.length);
    trailer.spans = cursor.spans;
    decodeFrom(authTrailerLayout, trailer, encodingOf(bytes.subarray(DREP_OFFSET)));
  }
  return cursor.spans;
}

function decodeWith(cursor: Cursor): Pdu {
  const { bytes } = cursor;
  const header = decodeHeaderWith(cursor);
  const trailerSize = header.authLength === 0 ? 0 : header.authLength + AUTH_TRAILER_HEADER_SIZE;
  const bodyEnd = bytes.length - trailerSize;
  if (bodyEnd < HEADER_SIZE) {
    cursor.fail(
      'too-long',
      'rpc.header.authLength',
      10,
      `at most ${Math.max(0, bytes.length - HEADER_SIZE - AUTH_TRAILER_HEADER_SIZE)}`,
      `${header.authLength}`,
    );
  }
  const kind = KINDS.get(header.ptype) ?? 'unknown';
  const body = decodeBody(kind, header, cursor, bodyEnd);
  const authTrailer = trailerSize === 0 ? NOTHING : bytes.subarray(bodyEnd);
  return { kind, header, body, authTrailer } as Pdu;
}

function decodeHeaderWith(cursor: Cursor): PduHeader {
  const { bytes } = cursor;
  const header = readHeader(cursor);
  if (header.rpcVers !== 5) cursor.fail('bad-value', 'rpc.header.rpcVers', 0, '5', `${header.rpcVers}`);
  if (header.fragLength !== bytes.length) {
    cursor.fail(
      'bad-value',
      'rpc.header.fragLength',
      8,
      `${bytes.length}, the bytes of the PDU`,
      `${header.fragLength}`,
    );
  }
  return header;
}

function decodeBody(kind: keyof Bodies, header: PduHeader, cursor: Cursor, bodyEnd: number): unknown {
  const inner = new Cursor(cursor.bytes, cursor.offset, bodyEnd);
  inner.spans = cursor.spans;
  return decodeFrom(bodyLayout(kind, header.pfcFlags), inner, encodingOf(header.drep));
}

function bodyLayout(kind: keyof Bodies, pfcFlags: number): Layout {
  return kind === 'request' && pfcFlags & PFC.objectUuid ? requestWithObjectBody : BODIES[kind];
}

/**
 * Encodes one PDU. Left out, frag_length is the real length, auth_length that of the trailer's value, pfc_flags FIRST and LAST
 * (and OBJECT_UUID where there is one), drep little-endian; given, each is sent as it is.
 * @throws ProtocolError `bad-input`
 */
export function encodePdu(pdu: PduInput): Uint8Array {
  const { kind, header, body, authTrailer } = pdu;
  const withObject = kind === 'request' && (body as { objectUuid?: string }).objectUuid !== undefined;
  const flags = header.pfcFlags ?? PFC.firstFrag | PFC.lastFrag | (withObject ? PFC.objectUuid : 0);
  const drep = header.drep ?? DREP_LITTLE_ENDIAN;
  const encoding = encodingOf(drep);
  const layout = withObject ? requestWithObjectBody : BODIES[kind];
  const unsealed = encodeAfter(HEADER_SIZE, layout, body as never, encoding);
  const bytes = authTrailer?.length ? Buffer.concat([unsealed, authTrailer]) : unsealed;
  const ptype = header.ptype ?? PTYPES[kind];
  if (ptype === undefined) {
    throw new ProtocolError({
      code: 'bad-input',
      path: 'rpc.header.ptype',
      offset: 2,
      expected: 'a ptype for a PDU of unknown kind',
      actual: 'none',
    });
  }
  const callId = header.callId ?? 1;
  const fragLength = header.fragLength ?? bytes.length;
  const authLength = header.authLength ?? Math.max(0, (authTrailer?.length ?? 0) - AUTH_TRAILER_HEADER_SIZE);
  // Field by field: an object made by a spread costs several microseconds more to read.
  const { rpcVers, rpcVersMinor } = header;
  const whole = { rpcVers, rpcVersMinor, ptype, pfcFlags: flags, drep, fragLength, authLength, callId };
  encodeInto(bytes, 0, pduHeader, whole, encoding);
  return bytes;
}
