import {
  type AnswerStub,
  decodeAnswerStub,
  decodePdu,
  encodingOf,
  type Exchange,
  type Pdu,
  type PduOf,
  stubEncoding,
} from '../../protocol';
import { HostFailure } from '../../harness/client';
import { describeReply, type Reaction, type Reply } from '../../harness/jobs/suite/host/reply';
import { octetsInWords } from '../../harness/jobs/suite/wording/values';
import { Deviation } from './deviation';

/** What scenarios read off an answer, in the words of the clauses. */

/** The PDUs of an answer, decoded; most answers are one. */
export function answerPdus({ pdus }: Exchange): (PduOf<'response'> | PduOf<'fault'>)[] {
  return pdus.received.map(decodePdu).filter(isAnswer);
}

const isAnswer = (pdu: Pdu): pdu is PduOf<'response'> | PduOf<'fault'> =>
  pdu.kind === 'response' || pdu.kind === 'fault';

/** HRESULT or fault status of a reply; 0 where it has none. */
export const statusOf = (reply: Reply): number => (reply.kind === 'granted' ? 0 : reply.status);

/** A reply in a few words. */
export const inWords = (reaction: Reaction): string => describeReply(reaction);

/** The clear version of a sealed answer, such as `5.0`. */
export function versionOf(reaction: Reaction): string {
  if (reaction.kind !== 'sealed' || reaction.answer.kind !== 'sealed') return 'none';
  const { majorVersion, minorVersion } = reaction.answer.value;
  return `${majorVersion}.${minorVersion}`;
}

interface Results {
  readonly stub: AnswerStub;
  readonly bytes: Uint8Array;
}

function resultsOf(exchange: Exchange): Results {
  const pdus = answerPdus(exchange);
  const [first] = pdus;
  if (first?.kind !== 'response')
    throw new Deviation({
      expected: 'a response PDU',
      received: first === undefined ? 'none' : 'a fault PDU',
    });
  const bytes = Buffer.concat(pdus.map(({ body }) => body.stub));
  const { bigEndian } = encodingOf(first.header.drep);
  return { bytes, stub: decodeAnswerStub(bytes, stubEncoding(exchange.transferSyntax, bigEndian)) };
}

/** The size that the stub of a granted answer announces, in bytes. */
export const announcedSize = (exchange: Exchange): number =>
  Number(resultsOf(exchange).stub.value.responseSize);

/** What stands in the stub of a granted answer beside the message: the padding, and how many bytes too many. */
export function leftOvers(exchange: Exchange): { readonly padding: Uint8Array; readonly excess: number } {
  const { stub } = resultsOf(exchange);
  if (stub.kind === 'refusal') return { padding: new Uint8Array(0), excess: stub.value.trailing.length };
  const { padding, trailing } = stub.value;
  return { padding, excess: trailing.length };
}

/** The first run of `length` bytes of `of` that stands anywhere in `bytes`, and where; runs of zeros say nothing. */
export function bytesOf(bytes: Uint8Array, of: Uint8Array, length: number): string | undefined {
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + length <= of.length; at++) {
    const run = of.subarray(at, at + length);
    if (run.filter((octet) => octet !== 0).length < length / 2) continue;
    const found = haystack.indexOf(Buffer.from(run));
    if (found >= 0) return `${octetsInWords(run)} at offset ${found} of the PDU`;
  }
  return undefined;
}

/**
 * Holds where the host answered, or closed with a FIN
 * @throws Deviation where it reset the connection or fell silent
 */
export function expectCleanClose(reaction: Reaction, when: string): void {
  if (reaction.kind !== 'nothing') return;
  const { failure } = reaction;
  if (failure instanceof HostFailure && failure.kind === 'closed') return;
  const wanted = 'an answer or a clean close';
  throw new Deviation({ subject: when, expected: wanted, received: `that the host ${failure.clause}` });
}
