import {
  type Answer,
  BIND_NAK_REASONS,
  btfnBits,
  CONTEXT_RESULT,
  decodePdu,
  KMS_INTERFACE,
  type Pdu,
  type PduOf,
  PFC,
  readAnswer,
  REJECTION,
  transferSyntaxOf,
  type TransferSyntax,
  type TransferSyntaxId,
} from '../../protocol';
import { describeAnswer } from '../../protocol/describe-answer';
import type { Evidence } from '../results/result';
import { transferSyntaxes } from './evidence-syntax';
import { RequestWords } from './request-words';

/** Octets of what is no PDU that are shown. */
const SHOWN_OCTETS = 16;

/**
 * What each PDU of a conversation says, in words: what is offered and accepted, who asks for what, what the host answers. Of requests,
 * what is not as in the one before.
 */
export function conversationWords(conversation: readonly Evidence[]): string[] {
  const syntaxes = transferSyntaxes(conversation);
  const requests = new RequestWords();
  const answers = new AnswerWords();
  const offers = new Map<Pdu['kind'], string>();
  return conversation.map(({ hex }, at) => {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    const pdu = pduOf(bytes);
    if (pdu === null) return octetsInWords(bytes);
    const words = [...headerWords(pdu), bodyWords(pdu, syntaxes[at], requests, answers)].join(', ');
    if (!isNegotiation(pdu)) return words;
    const before = offers.get(pdu.kind);
    offers.set(pdu.kind, words);
    return before === words ? 'as the one before' : words;
  });
}

/** Binds are alike on most connections. */
const isNegotiation = ({ kind }: Pdu): boolean =>
  ['bind', 'bindAck', 'alterContext', 'alterContextResp'].includes(kind);

function pduOf(bytes: Uint8Array): Pdu | null {
  try {
    return decodePdu(bytes);
  } catch {
    // Evidence holds any bytes.
    return null;
  }
}

function octetsInWords(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing';
  const shown = bytes.subarray(0, SHOWN_OCTETS);
  const octets = [...shown].map((octet) => octet.toString(16).padStart(2, '0')).join(' ');
  return `no whole PDU: ${octets}${bytes.length > SHOWN_OCTETS ? ' …' : ''}`;
}

/** What of the header is not as usual. */
function headerWords({ kind, header, authTrailer }: Pdu): string[] {
  const { pfcFlags, drep, callId } = header;
  const [first, last] = [(pfcFlags & PFC.firstFrag) !== 0, (pfcFlags & PFC.lastFrag) !== 0];
  const isCall = kind === 'request' || kind === 'response' || kind === 'fault';
  return [
    ...(isCall ? [`call ${callId}`] : []),
    ...(first && last ? [] : [first ? 'the first fragment' : last ? 'the last fragment' : 'a fragment']),
    ...((drep[0]! & 0xf0) === 0 ? ['big-endian'] : []),
    ...(authTrailer.length === 0 ? [] : [`with ${authTrailer.length} octets of authentication`]),
  ];
}

function bodyWords(
  pdu: Pdu,
  syntax: TransferSyntax | undefined,
  requests: RequestWords,
  answers: AnswerWords,
): string {
  switch (pdu.kind) {
    case 'bind':
    case 'alterContext':
      return offerInWords(pdu);
    case 'bindAck':
    case 'alterContextResp':
      return verdictsInWords(pdu);
    case 'bindNak': {
      const { reason, versions } = pdu.body;
      const spoken = versions.map(({ major, minor }) => `${major}.${minor}`).join(' and ');
      return `refused: ${BIND_NAK_REASONS[reason] ?? `reason ${reason}`}; versions ${spoken === '' ? 'none' : spoken}`;
    }
    case 'request':
      return requests.words(pdu, syntax);
    case 'response':
    case 'fault':
      return isWhole(pdu) ? answers.words(readAnswer(pdu, syntax ?? 'ndr32')) : stubWords(pdu.body.stub);
    default:
      return `${pdu.body.content.length} octets behind the header`;
  }
}

const isWhole = ({ header: { pfcFlags } }: Pdu): boolean =>
  (pfcFlags & (PFC.firstFrag | PFC.lastFrag)) === (PFC.firstFrag | PFC.lastFrag);

const stubWords = (stub: Uint8Array): string => `${stub.length} octets of stub`;

/** Answers, of which the text is said that is not as in the one before. */
class AnswerWords {
  #before = '';

  words(answer: Answer): string {
    const said = describeAnswer(answer);
    if (answer.kind === 'malformed') {
      const { expected, actual } = answer.error;
      return `${said}: expected ${expected}, found ${actual}`;
    }
    if (answer.kind !== 'response') return said;
    const { ePid, activationIntervalMinutes, renewalIntervalMinutes } = answer.value;
    const shown = typeof ePid === 'string' ? JSON.stringify(ePid) : `${ePid.length} octets that are no text`;
    const rest = `ePID ${shown}, intervals ${activationIntervalMinutes} and ${renewalIntervalMinutes} minutes`;
    const isNew = rest !== this.#before;
    this.#before = rest;
    return isNew ? `${said}, ${rest}` : said;
  }
}

function offerInWords({ body }: PduOf<'bind'> | PduOf<'alterContext'>): string {
  const { contexts, assocGroupId, maxRecvFrag } = body;
  const offered = contexts.map(({ contextId, abstractSyntax, transferSyntaxes: syntaxes }) => {
    const { uuid, major, minor } = abstractSyntax;
    const name = uuid === KMS_INTERFACE.uuid ? 'KMS' : uuid;
    return `context ${contextId} (${name} ${major}.${minor} in ${syntaxes.map(syntaxName).join(' or ')})`;
  });
  return [
    `offers ${offered.length === 0 ? 'no context' : offered.join(', ')}`,
    ...(assocGroupId === 0 ? [] : [`association group 0x${assocGroupId.toString(16).toUpperCase()}`]),
    `fragments of at most ${maxRecvFrag} octets`,
  ].join(', ');
}

function verdictsInWords({ body }: PduOf<'bindAck'> | PduOf<'alterContextResp'>): string {
  const { results, assocGroupId, secondaryAddress } = body;
  const verdicts = results.map((result, at) => `result ${at + 1} ${verdictInWords(result)}`);
  const address = Buffer.from(secondaryAddress).toString('latin1').replace(/\0$/, '');
  return [
    verdicts.length === 0 ? 'no result' : verdicts.join(', '),
    ...(assocGroupId === 0 ? ['no association group'] : []),
    ...(address === '' ? [] : [`secondary address ${JSON.stringify(address)}`]),
  ].join(', ');
}

const REASONS: Readonly<Record<number, string>> = {
  [REJECTION.notSpecified]: 'not specified',
  [REJECTION.abstractSyntaxNotSupported]: 'interface not supported',
  [REJECTION.transferSyntaxesNotSupported]: 'transfer syntaxes not supported',
  [REJECTION.localLimitExceeded]: 'local limit exceeded',
};

type Verdict = PduOf<'bindAck'>['body']['results'][number];

function verdictInWords({ result, reason, transferSyntax }: Verdict): string {
  switch (result) {
    case CONTEXT_RESULT.acceptance:
      return `accepted (${syntaxName(transferSyntax)})`;
    case CONTEXT_RESULT.negotiateAck:
      return `features 0x${reason.toString(16).toUpperCase()} granted`;
    case CONTEXT_RESULT.userRejection:
    case CONTEXT_RESULT.providerRejection:
      return `rejected: ${REASONS[reason] ?? `reason ${reason}`}`;
    default:
      return `${result}, reason ${reason}`;
  }
}

function syntaxName(syntax: TransferSyntaxId): string {
  const known = transferSyntaxOf(syntax);
  if (known !== undefined) return known.toUpperCase();
  const bits = btfnBits(syntax);
  if (bits !== undefined) return `bind time features 0x${bits.toString(16).toUpperCase()}`;
  return `${syntax.uuid} ${syntax.version}`;
}
