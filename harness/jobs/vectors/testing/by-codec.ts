import {
  createMac,
  decodeAnswerStub,
  decodePdu,
  decodeRequest,
  decodeRequestStub,
  decodeResponse,
  Defragmenter,
  encode,
  encodePdu,
  encodeRequest,
  encodeResponse,
  Framer,
  kmsRequest,
  kmsResponse,
  LAB_KEY,
  pduHeader,
  type PduOf,
  ProtocolError,
  readAnswer,
  readRequest,
  refusalStub,
  requestStub,
  requestWithObjectBody,
  responseStub,
  sealedMessage,
  stubEncoding,
  toJson,
  type TransferSyntax,
  transferSyntaxOf,
  verifyMac,
} from '../../../../protocol';
import { PDU_BODIES } from '../plain/pdu';
import type { VectorOf } from '..';

/** What protocol/ makes of vectors, in the form that they have. */

const octets = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function asPdu(bytes: string) {
  const pdu = decodePdu(octets(bytes));
  const { kind, header, body, authTrailer } = pdu;
  const table = 'objectUuid' in body ? requestWithObjectBody : PDU_BODIES[kind];
  const value = { kind, header: toJson(pduHeader, header), body: toJson(table, body as never) };
  return { bytes: hexOf(encodePdu(pdu)), pdu: { ...value, authTrailer: hexOf(authTrailer) } };
}

type How = Pick<VectorOf<'stub'>, 'of' | 'transferSyntax' | 'bigEndian'>;

export function asStub(bytes: string, { of, transferSyntax, bigEndian }: How) {
  const encoding = stubEncoding(transferSyntax, bigEndian);
  if (of === 'request') {
    const value = decodeRequestStub(octets(bytes), encoding);
    return {
      bytes: hexOf(encode(requestStub, value, encoding)),
      kind: 'request',
      value: toJson(requestStub, value),
    };
  }
  const { kind, value } = decodeAnswerStub(octets(bytes), encoding);
  const table = kind === 'response' ? responseStub : refusalStub;
  return {
    bytes: hexOf(encode(table, value as never, encoding)),
    kind,
    value: toJson(table as typeof responseStub, value as never),
  };
}

type Of = 'request' | 'response';
const mac = createMac(LAB_KEY);

export function asMessage(bytes: string, of: Of) {
  const message = of === 'request' ? decodeRequest(octets(bytes)) : decodeResponse(octets(bytes));
  const content = contentOf(of, message);
  if (message.kind === 'sealed')
    return { bytes: hexOf(encode(sealedMessage, message.value)), content, labMac: 'none' };
  const again =
    of === 'request' ? encodeRequest(message.value as never) : encodeResponse(message.value as never);
  return { bytes: hexOf(again), content, labMac: verifyMac(octets(bytes), mac) ? 'matches' : 'differs' };
}

function contentOf(of: Of, { kind, value }: { readonly kind: 'clear' | 'sealed'; readonly value: unknown }) {
  const table = kind === 'sealed' ? sealedMessage : of === 'request' ? kmsRequest : kmsResponse;
  return { kind, value: toJson(table as typeof kmsRequest, value as never) };
}

export function errorOf({ bytes, of, transferSyntax, bigEndian }: VectorOf<'malformed'>) {
  const encoding = stubEncoding(transferSyntax ?? 'ndr32', bigEndian);
  const read = {
    pdu: decodePdu,
    requestStub: (stub: Buffer) => decodeRequestStub(stub, encoding),
    answerStub: (stub: Buffer) => decodeAnswerStub(stub, encoding),
    requestMessage: decodeRequest,
    responseMessage: decodeResponse,
  }[of];
  return errorIn(() => read(octets(bytes)));
}

function errorIn(read: () => unknown) {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { code, path, offset } = error;
    return { code, path, offset };
  }
  return null;
}

export function callsOf(of: Of, pdus: readonly string[]) {
  const joiner = new Defragmenter<Of>();
  const calls: object[] = [];
  for (const [at, bytes] of pdus.entries()) {
    const pdu = decodePdu(octets(bytes)) as PduOf<Of>;
    expectKind(pdu, of);
    const error = errorIn(() => {
      const call = joiner.push(pdu);
      if (call === null) return;
      const { header, body, fragmentCount } = call;
      calls.push({ callId: header.callId, contextId: body.contextId, fragmentCount, stub: hexOf(body.stub) });
    });
    if (error !== null) return { calls, error: { at, ...error } };
  }
  return { calls, error: null };
}

function expectKind(pdu: { readonly kind: string }, kind: string): void {
  if (pdu.kind !== kind) throw new Error(`a ${pdu.kind}, not a ${kind}`);
}

export function conversationOf({ sent, received }: VectorOf<'conversation'>) {
  const asked = new Framer().push(octets(sent)).map((bytes) => decodePdu(bytes));
  const answered = new Framer().push(octets(received)).map((bytes) => decodePdu(bytes));
  const syntaxes = new Map<number, TransferSyntax>();
  return asked.flatMap((pdu, i) => {
    const answer = answered[i]!;
    if (pdu.kind === 'request')
      return [exchangeOf(pdu, answer as PduOf<'response'>, syntaxes.get(pdu.body.contextId)!)];
    const { contexts } = (pdu as PduOf<'bind'>).body;
    (answer as PduOf<'bindAck'>).body.results.forEach(({ transferSyntax }, at) => {
      const syntax = transferSyntaxOf(transferSyntax);
      if (syntax !== undefined) syntaxes.set(contexts[at]!.contextId, syntax);
    });
    return [];
  });
}

function exchangeOf(request: PduOf<'request'>, answer: PduOf<'response'>, transferSyntax: TransferSyntax) {
  const { callId } = request.header;
  const { content } = readRequest(request, transferSyntax);
  const read = readAnswer(answer, transferSyntax);
  return {
    callId,
    transferSyntax,
    request: contentOf('request', content as never),
    answer: answerOf(read),
  };
}

function answerOf(answer: ReturnType<typeof readAnswer>) {
  if (answer.kind === 'refusal') return { kind: 'refusal', hresult: answer.hresult };
  if (answer.kind === 'sealed') return contentOf('response', answer);
  if (answer.kind === 'response') return contentOf('response', { kind: 'clear', value: answer.value });
  throw new Error(`a recorded answer is ${answer.kind}`);
}
