import { decodePdu, requestFieldMap, responseFieldMap } from '../../protocol';
import type { FieldSpan } from '../../protocol/codec/decode';
import type { Encoding } from '../../protocol/codec/encoding';
import { CALL_ID_AT } from '../../protocol/header-octets';
import { decodeAnswerStub, decodeRequestStub, stubEncoding } from '../../protocol/stub';
import type { RecordedConversation } from '../recorded-conversation';

/** What a host repeats of a request, and a client looks at. */
const REPEATED = ['clientMachineId', 'requestTime'];

/** A conversation as peer.c reads it: where its fields stand is told by our layouts, so that the C of it knows no field. */
export function conversationFile(conversation: RecordedConversation): Buffer {
  const { bind, bindAck, request, response } = conversation;
  const encoding = stubEncoding(conversation.transferSyntax, false);
  const asked = placed(request, requestMessage(request, encoding), requestFieldMap);
  const answered = placed(response, responseMessage(response, encoding), responseFieldMap);
  const echoes = REPEATED.flatMap((name) => {
    const [from, to] = [asked, answered].map((spans) => spans.find(({ path }) => path.endsWith(`.${name}`)));
    if (from === undefined || to === undefined) throw new Error(`no ${name} in the conversation`);
    return [from.offset, to.offset, from.length];
  });
  const sizes = [bind, bindAck, request, response].map(({ length }) => length);
  const numbers = Uint32Array.from([...sizes, CALL_ID_AT, REPEATED.length, ...echoes]);
  return Buffer.concat([new Uint8Array(numbers.buffer), bind, bindAck, request, response]);
}

/** The fields of a message, by where they stand in its PDU. */
function placed(
  pdu: Uint8Array,
  message: Uint8Array,
  fieldsOf: (message: Uint8Array) => FieldSpan[],
): FieldSpan[] {
  // A message shares the memory of its PDU.
  const before = message.byteOffset - pdu.byteOffset;
  return fieldsOf(message).map((span) => ({ ...span, offset: span.offset + before }));
}

function requestMessage(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  const pdu = decodePdu(bytes);
  if (pdu.kind !== 'request') throw new Error(`recorded a PDU ${pdu.kind}`);
  return decodeRequestStub(pdu.body.stub, encoding).message;
}

function responseMessage(bytes: Uint8Array, encoding: Encoding): Uint8Array {
  const pdu = decodePdu(bytes);
  if (pdu.kind !== 'response') throw new Error(`recorded a PDU ${pdu.kind}`);
  const answer = decodeAnswerStub(pdu.body.stub, encoding);
  if (answer.kind === 'refusal') throw new Error('recorded a refusal');
  return answer.value.message;
}
