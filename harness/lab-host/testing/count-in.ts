import {
  decodeAnswerStub,
  decodePdu,
  decodeResponse,
  stubEncoding,
  type TransferSyntax,
} from '../../../protocol';

/** The count that these PDUs answer. @throws Error where they are no granted answer */
export function countIn(answers: readonly Uint8Array[], syntax: TransferSyntax = 'ndr32'): number {
  const [first] = answers;
  const pdu = first === undefined ? null : decodePdu(first);
  if (pdu?.kind !== 'response') throw new Error(`no response but ${pdu?.kind ?? 'nothing'}`);
  const stub = decodeAnswerStub(pdu.body.stub, stubEncoding(syntax));
  if (stub.kind === 'refusal') throw new Error('a refusal');
  const response = decodeResponse(stub.value.message);
  if (response.kind !== 'clear') throw new Error('a sealed response');
  return response.value.currentClientCount;
}
