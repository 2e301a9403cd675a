import { RECORDINGS, recordedConnections } from '../plain/recordings';
import { readMessage, readStub, type RecordedCall, recordedCalls } from '../plain/recorded-calls';
import type { Unnumbered } from './made';

/** Whole connections as they were recorded: from octets of TCP to who asked what and what came back. */
export function* conversations(): Generator<Unnumbered<'conversation'>> {
  for (const recording of RECORDINGS) {
    for (const [i, connection] of recordedConnections(recording).entries()) {
      yield {
        comment: `connection ${i + 1}`,
        source: recording,
        sent: Buffer.concat(connection.sent).toString('hex'),
        received: Buffer.concat(connection.received).toString('hex'),
        exchanges: recordedCalls(connection).map(exchange),
      };
    }
  }
}

function exchange({ callId, transferSyntax, request, answer }: RecordedCall) {
  const asked = readStub('request', request, transferSyntax).value;
  const answered = readStub('answer', answer, transferSyntax);
  return {
    callId,
    transferSyntax,
    request: readMessage('request', asked['message'] as string),
    answer:
      answered.kind === 'refusal'
        ? { kind: 'refusal' as const, hresult: answered.value['hresult'] as number }
        : readMessage('response', answered.value['message'] as string),
  };
}
