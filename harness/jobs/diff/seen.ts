import {
  type Answer,
  decodeAnswerStub,
  encodingOf,
  faultName,
  formatStatus,
  hresultName,
  type KmsResponse,
  type Mac,
  MAX_EPID_SIZE,
  type Pdu,
  type PduOf,
  ProtocolError,
  readAnswer,
  RESPONSE_OVERHEAD,
  stubEncoding,
  type TransferSyntax,
  verifyMac,
} from '../../../protocol';
import type { Witnessed } from '../../cases/conduct/heard';

/** What a host did at one time on one connection, as words that can be compared: what is each host's own by nature is left out of it. */
export interface Seen {
  readonly on: number;
  /** Such as `response`, `fault 0x1C010002 nca_op_rng_error`, `closed`. */
  readonly kind: string;
  /** By the path of the field. */
  readonly fields: Readonly<Record<string, string>>;
  readonly tookMs: number;
}

/** What is a host's own, and is compared as such: whether it is what that host usually has. */
export interface OwnTraits {
  /** The ePID of its first answer in a conversation, as bytes in hexadecimal; null until there was one. */
  ePid: string | null;
  /** Undefined where there is no key of it. */
  readonly mac: Mac | undefined;
}

export const COUNT_FIELD = 'response.currentClientCount';
export const MAC_FIELD = 'response.mac';

/** What was heard, as words. */
export function seenOf({ on, tookMs, ...witnessed }: Witnessed, own: OwnTraits): Seen {
  return { on, tookMs, ...wordsOf(witnessed, own) };
}

type Words = Pick<Seen, 'kind' | 'fields'>;

type Answered = Pick<Witnessed, 'heard' | 'syntax' | 'askedGroup'>;

function wordsOf({ heard, syntax, askedGroup }: Answered, own: OwnTraits): Words {
  switch (heard.kind) {
    case 'closed':
    case 'reset':
    case 'timeout':
      return { kind: heard.kind === 'timeout' ? 'silence' : heard.kind, fields: {} };
    case 'wrong':
      return { kind: `what is no PDU: ${heard.violation.differs}`, fields: {} };
    case 'other':
      return {
        kind: heard.pdu.kind,
        fields: { ...headerWords(heard.pdu), ...bodyWords(heard.pdu, askedGroup) },
      };
    case 'call':
      return callWords(heard.pdu, syntax, own);
  }
}

function callWords(pdu: PduOf<'response'> | PduOf<'fault'>, syntax: TransferSyntax, own: OwnTraits): Words {
  const answer = readAnswer(pdu, syntax);
  const header = headerWords(pdu);
  if (pdu.kind === 'fault') {
    const { status, stub, ...rest } = pdu.body;
    const kind = `fault ${formatStatus(status)} ${faultName(status)}`.trimEnd();
    return { kind, fields: { ...header, ...flat('fault', { ...rest, stub: hex(stub) }) } };
  }
  const { contextId, cancelCount, reserved, allocHint, stub } = pdu.body;
  // The length of an ePID is the host's own: a hint that tells the length of the stub is as good as any other such.
  const hint = allocHint === stub.length ? 'the length of the stub' : String(allocHint);
  const body = flat('response', { contextId, cancelCount, reserved, allocHint: hint });
  return {
    kind: answerKind(answer),
    fields: { ...header, ...body, ...stubWords(pdu, syntax), ...answerWords(answer, own) },
  };
}

function answerKind(answer: Answer): string {
  switch (answer.kind) {
    case 'refusal':
      return `HRESULT ${formatStatus(answer.hresult)} ${hresultName(answer.hresult)}`.trimEnd();
    case 'malformed':
      return `malformed response, ${answer.error.path}`;
    default:
      return answer.kind;
  }
}

function stubWords(pdu: PduOf<'response'>, syntax: TransferSyntax): Record<string, string> {
  const encoding = stubEncoding(syntax, encodingOf(pdu.header.drep).bigEndian);
  try {
    const { kind, value } = decodeAnswerStub(pdu.body.stub, encoding);
    const trailing = hex(value.trailing);
    if (kind === 'refusal') return flat('stub', { responseSize: value.responseSize, trailing });
    const sizes = value.responseSize === value.maxCount ? 'alike' : 'not alike';
    const padding = value.padding.every((octet) => octet === 0) ? 'zeros' : 'other octets';
    return flat('stub', { sizes, padding, hresult: value.hresult, trailing });
  } catch (error) {
    if (error instanceof ProtocolError) return {};
    throw error;
  }
}

function answerWords(answer: Answer, own: OwnTraits): Record<string, string> {
  if (answer.kind === 'sealed')
    return flat('response', { version: answer.value.majorVersion, size: answer.bytes.length });
  if (answer.kind !== 'response') return {};
  const { value, bytes } = answer;
  return flat('response', {
    version: `${value.majorVersion}.${value.minorVersion}`,
    clientMachineId: value.clientMachineId,
    requestTime: value.requestTime,
    currentClientCount: value.currentClientCount,
    activationIntervalMinutes: value.activationIntervalMinutes,
    renewalIntervalMinutes: value.renewalIntervalMinutes,
    ePid: ePidWords(value, bytes, own),
    size: bytes.length - value.ePidSize === RESPONSE_OVERHEAD ? 'as its parts' : 'not as its parts',
    ...(own.mac === undefined ? {} : { mac: verifyMac(bytes, own.mac) ? 'verifies' : 'does not verify' }),
  });
}

/** An ePID names the host that sends it: its form is compared, and whether it is the same one every time. */
function ePidWords({ ePid, ePidSize }: KmsResponse, bytes: Uint8Array, own: OwnTraits): string {
  const octets = hex(bytes.subarray(8, 8 + ePidSize));
  own.ePid ??= octets;
  const isText = typeof ePid === 'string' && !ePid.includes('\0');
  const form = [
    !isText ? 'no text with one NUL, at its end' : ePid === '' ? 'empty' : 'text with its NUL',
    ...(ePidSize % 2 === 0 ? [] : ['of an odd size']),
    ...(ePidSize <= MAX_EPID_SIZE ? [] : [`of more than ${MAX_EPID_SIZE} bytes`]),
  ].join(', ');
  return own.ePid === octets ? form : `${form}, other than before`;
}

/** Bytes of a PDU that are each host's own, or follow from the length of what is. */
function headerWords({ header }: Pdu): Record<string, string> {
  const { rpcVers, rpcVersMinor, pfcFlags, drep, authLength, callId } = header;
  return flat('header', {
    version: `${rpcVers}.${rpcVersMinor}`,
    pfcFlags,
    drep: hex(drep),
    authLength,
    callId,
  });
}

function bodyWords(pdu: Pdu, askedGroup: number): Record<string, string> {
  if (pdu.kind !== 'bindAck' && pdu.kind !== 'alterContextResp') return flat(pdu.kind, pdu.body);
  const { maxXmitFrag, maxRecvFrag, assocGroupId, secondaryAddress, padding, trailing, results } = pdu.body;
  return flat(pdu.kind, {
    ...{ maxXmitFrag, maxRecvFrag, results, trailing: hex(trailing) },
    assocGroupId: groupWords(assocGroupId, askedGroup),
    // The port, which is the host's own.
    secondaryAddress: secondaryAddress.length === 0 ? 'empty' : 'an address',
    padding: padding.every((octet) => octet === 0) ? 'zeros' : 'other octets',
  });
}

function groupWords(group: number, asked: number): string {
  if (group === 0) return 'none';
  if (asked === 0) return 'one';
  return group === asked ? 'the one that was asked for' : 'another than was asked for';
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Values by their path: `bindAck.results[0].reason`. */
function flat(path: string, value: unknown, into: Record<string, string> = {}): Record<string, string> {
  if (value instanceof Uint8Array) into[path] = hex(value);
  else if (Array.isArray(value)) value.forEach((part, at) => flat(`${path}[${at}]`, part, into));
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) flat(`${path}.${name}`, part, into);
  else into[path] = String(value);
  return into;
}
