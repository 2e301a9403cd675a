/**
 * What a client sends, laid out octet by octet from C706 chapter 12 and the wire format: nothing here goes through the codec that the host
 * reads with.
 */

export type Octets = readonly number[];

export const u16 = (value: number): Octets => [value & 0xff, (value >>> 8) & 0xff];
export const u32 = (value: number): Octets => [...u16(value & 0xffff), ...u16(value >>> 16)];
const zeros = (count: number): Octets => new Array<number>(count).fill(0);

/** A UUID as it travels: three little-endian groups, then eight octets as written. */
export function uuid(text: string): Octets {
  const [a, b, c, d, e] = text.split('-') as [string, string, string, string, string];
  const octets = (hex: string): number[] => [...Buffer.from(hex, 'hex')];
  return [...octets(a).reverse(), ...octets(b).reverse(), ...octets(c).reverse(), ...octets(d), ...octets(e)];
}

const NIL = '00000000-0000-0000-0000-000000000000';

export type Syntax = Octets;
export const NDR32: Syntax = [...uuid('8a885d04-1ceb-11c9-9fe8-08002b104860'), ...u32(2)];
export const NDR64: Syntax = [...uuid('71710533-beba-4937-8319-b5dbef9ccc36'), ...u32(1)];
export const ZERO: Syntax = zeros(20);
/** No transfer syntax that any host has. */
export const UNKNOWN: Syntax = [...uuid('6b6d7373-7065-4063-9001-73796e746178'), ...u32(1)];
export const features = (bits: number): Syntax => [
  ...uuid(`6cb71c2c-9812-4540-0${bits}00-000000000000`),
  ...u32(1),
];

/** An interface and its version, which is laid out as a transfer syntax is. */
export const KMS: Syntax = [...uuid('51c82175-844e-4750-b0d8-ec255555bc06'), ...u16(1), ...u16(0)];
export const NO_INTERFACE: Syntax = [...uuid(NIL), ...u32(0)];
export const OTHER_INTERFACE: Syntax = [
  ...uuid('6b6d7373-7065-4063-9000-696e74657266'),
  ...u16(1),
  ...u16(0),
];

export const FLAG = {
  first: 0x01,
  last: 0x02,
  cancelOrSign: 0x04,
  bit08: 0x08,
  mpx: 0x10,
  didNotExecute: 0x20,
  maybe: 0x40,
  object: 0x80,
} as const;
export const WHOLE = 0x03;

export const PTYPE = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
  alter: 14,
  alterResp: 15,
  coCancel: 18,
  orphaned: 19,
} as const;

interface Head {
  readonly flags?: number;
  readonly callId?: number;
  /** An authentication trailer behind the body. */
  readonly trailer?: Octets;
  /** What auth_length says, where that is not the length of the trailer's value. */
  readonly authLength?: number;
}

const TRAILER_HEADER = 8;

function pdu(
  ptype: number,
  body: Octets,
  { flags = WHOLE, callId = 0, trailer = [], ...head }: Head,
): Buffer {
  const authLength = head.authLength ?? Math.max(0, trailer.length - TRAILER_HEADER);
  const size = 16 + body.length + trailer.length;
  const header = [5, 0, ptype, flags, 0x10, 0, 0, 0, ...u16(size), ...u16(authLength), ...u32(callId)];
  return Buffer.from([...header, ...body, ...trailer]);
}

/** Authentication that calls itself by this type and level, with "none" for credentials unless told. */
export const credentials = (
  type: number,
  level: number,
  value: Octets = [...Buffer.from('none')],
): Octets => [type, level, 0, 0, ...u32(0), ...value];

export interface Context {
  readonly id: number;
  readonly syntaxes: readonly Syntax[];
  readonly asks?: Syntax;
}

export const context = (id: number, ...syntaxes: Syntax[]): Context => ({ id, syntaxes });

export interface Offer extends Head {
  readonly contexts?: readonly Context[];
  readonly xmit?: number;
  readonly recv?: number;
  readonly group?: number;
}

/** The usual contexts: context 1 with NDR32 alone. */
const USUAL = [context(1, NDR32)];

function offerBody({ contexts = USUAL, xmit = 5840, recv = 5840, group = 0 }: Offer): Octets {
  const listed = contexts.flatMap(({ id, syntaxes, asks = KMS }) => [
    ...u16(id),
    syntaxes.length,
    0,
    ...asks,
    ...syntaxes.flat(),
  ]);
  return [...u16(xmit), ...u16(recv), ...u32(group), contexts.length, 0, 0, 0, ...listed];
}

export const bind = (offer: Offer = {}): Buffer => pdu(PTYPE.bind, offerBody(offer), offer);
export const alter = (offer: Offer = {}): Buffer =>
  pdu(PTYPE.alter, offerBody(offer), { callId: ALTER_CALL, ...offer });
export const ALTER_CALL = 1;

export interface Call extends Head {
  readonly contextId?: number;
  readonly opnum?: number;
  readonly hint?: number;
  readonly stub?: Octets;
}

/** Calls have id 2 unless told. */
export const CALL = 2;

export function request(call: Call = {}): Buffer {
  const { contextId = 1, opnum = 0, stub = goodStub(), callId = CALL } = call;
  const body = [...u32(call.hint ?? stub.length), ...u16(contextId), ...u16(opnum), ...stub];
  return pdu(PTYPE.request, body, { ...call, callId });
}

/** A request PDU of exactly so many octets: a good stub, and zeros behind it. */
export const requestOfSize = (size: number, call: Call = {}): Buffer =>
  request({ ...call, stub: [...goodStub(), ...zeros(size - 24 - goodStub().length)] });

export const coCancel = (callId = CALL): Buffer => pdu(PTYPE.coCancel, [], { callId });
export const orphaned = (callId = CALL): Buffer => pdu(PTYPE.orphaned, [], { callId });

/** A version 4.0 request of a Windows 7 client, in the order of the wire format's section 4, without a MAC. */
function goodMessage(): Octets {
  const name = [...Buffer.from('pc.example.test', 'utf16le')];
  return [
    ...[...u16(0), ...u16(4), ...u32(0), ...u32(2), ...u32(43_200)],
    ...uuid('55c92734-d682-4d71-983e-d6ec3f16059f'),
    ...uuid('ae2ee509-1b34-41c0-acb7-6d4650168915'),
    ...uuid('7fde5219-fbfa-484a-82c9-34d1ad53e856'),
    ...uuid('5a1e0f30-77c4-4b1e-9a63-2f41c0d3e901'),
    ...[...u32(25), ...u32(0x5e8a_0000), ...u32(0x01d6_0000)],
    ...zeros(16),
    ...[...name, ...zeros(128 - name.length)],
    ...zeros(16),
  ];
}

const GOOD = goodMessage();

/** The stub of a good call over NDR32: both lengths, then the message. */
export const goodStub = (): Octets => [...u32(GOOD.length), ...u32(GOOD.length), ...GOOD];
export { zeros };
