import {
  bindAckBody,
  bindBody,
  bindNakBody,
  faultBody,
  HEADER_SIZE,
  type Layout,
  otherBody,
  PFC,
  pduHeader,
  PTYPE,
  requestBody,
  requestWithObjectBody,
  responseBody,
} from '../../../../protocol';
import { type LaidField, layOut, octetsOf, type Value } from './lay-out';
import { readOut } from './read-out';

/** Every kind of PDU, and the table of what follows its header. */
export const PDU_BODIES = {
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
} as const satisfies Record<string, Layout>;

export type PduKind = keyof typeof PDU_BODIES;
export const PDU_KINDS = Object.keys(PDU_BODIES) as PduKind[];

export interface PduValue {
  readonly kind: PduKind;
  readonly header: Value;
  readonly body: Value;
  /** Hex: the authentication verifier, of which auth_length counts all but the first 8 octets. */
  readonly authTrailer: string;
}

export interface LaidPdu {
  readonly octets: readonly number[];
  readonly fields: readonly LaidField[];
  readonly pdu: PduValue;
}

/** What of a PDU has to be said; the rest of its header follows. */
export interface GivenPdu {
  readonly kind: PduKind;
  readonly bigEndian?: boolean;
  readonly header?: Value;
  readonly body?: Value;
  readonly authTrailer?: string;
}

const VERIFIER_HEADER = 8;
const WHOLE = PFC.firstFrag | PFC.lastFrag;
/** ASCII and IEEE floats: nobody says anything else. */
const DREP = { little: '10000000', big: '00000000' };

export function layPdu({
  kind,
  bigEndian = false,
  header = {},
  body = {},
  authTrailer = '',
}: GivenPdu): LaidPdu {
  const encoding = { bigEndian, ndrWidth: 4 } as const;
  const hasObject = kind === 'request' && body['objectUuid'] !== undefined;
  const laid = layOut(bodyOf(kind, hasObject), body, encoding, HEADER_SIZE);
  const trailer = octetsOf(authTrailer);
  const headerLaid = layOut(
    pduHeader,
    {
      ptype: kind === 'unknown' ? 1 : PTYPE[kind],
      pfcFlags: hasObject ? WHOLE | PFC.objectUuid : WHOLE,
      drep: bigEndian ? DREP.big : DREP.little,
      fragLength: HEADER_SIZE + laid.octets.length + trailer.length,
      authLength: Math.max(0, trailer.length - VERIFIER_HEADER),
      callId: 1,
      ...header,
    },
    encoding,
  );
  return {
    octets: [...headerLaid.octets, ...laid.octets, ...trailer],
    fields: [...headerLaid.fields, ...laid.fields],
    pdu: { kind, header: headerLaid.value, body: laid.value, authTrailer },
  };
}

/** Reads a recorded PDU. */
export function readPdu(octets: Uint8Array): PduValue {
  const encoding = { bigEndian: (octets[4]! & 0xf0) === 0, ndrWidth: 4 } as const;
  const header = readOut(pduHeader, octets, encoding);
  const kind = PDU_KINDS.find((each) => each !== 'unknown' && PTYPE[each] === header['ptype']) ?? 'unknown';
  const verifier = header['authLength'] === 0 ? 0 : Number(header['authLength']) + VERIFIER_HEADER;
  const end = octets.length - verifier;
  const hasObject = kind === 'request' && (Number(header['pfcFlags']) & PFC.objectUuid) !== 0;
  const body = readOut(bodyOf(kind, hasObject), octets.subarray(0, end), encoding, HEADER_SIZE);
  return { kind, header, body, authTrailer: Buffer.from(octets.subarray(end)).toString('hex') };
}

const bodyOf = (kind: PduKind, hasObject: boolean): Layout =>
  hasObject ? requestWithObjectBody : PDU_BODIES[kind];
