import {
  decodePdu,
  encodeRequestStub,
  type Pdu,
  type PduOf,
  readAnswer,
  stubEncoding,
  type TransferSyntax,
} from '../../../protocol';
import { bindOf, Lab, type LabConnection, NDR32_CONTEXT, requestOf } from './lab';

export const OTHER_INTERFACE = { uuid: '12345678-1234-abcd-ef00-0123456789ab', major: 1, minor: 0 };
export const bind = bindOf([NDR32_CONTEXT]);
export const SHORT_STUB = encodeRequestStub({ message: requestOf(1) }, stubEncoding('ndr32')).subarray(
  0,
  100,
);

export function connect(lab = new Lab(), ...segments: Uint8Array[]): LabConnection {
  const connection = lab.associate();
  for (const segment of segments) connection.send(segment);
  return connection;
}

export const pdusOf = (answers: readonly Uint8Array[]): Pdu[] => answers.map((bytes) => decodePdu(bytes));
export const endOf = (connection: LabConnection): string => connection.log.at(-1)!;

export function countIn(answers: readonly Uint8Array[], syntax: TransferSyntax = 'ndr32'): number {
  const answer = readAnswer(decodePdu(answers.at(-1)!) as PduOf<'response'>, syntax);
  if (answer.kind !== 'response') throw new Error(`a ${answer.kind} instead of a response`);
  return answer.value.currentClientCount;
}

export function resultsOf(contexts: Parameters<typeof bindOf>[0], ndr64 = true): unknown {
  const [ack] = pdusOf(connect(new Lab({ ndr64 })).send(bindOf(contexts)));
  return (ack as PduOf<'bindAck'>).body.results.map(({ result, reason }) => [result, reason]);
}
