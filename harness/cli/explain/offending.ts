import { evidenceFields } from '../../../reports/evidence/evidence-fields';
import { transferSyntaxes } from '../../../reports/evidence/evidence-syntax';
import type { Evidence, EvidenceField } from '../../../reports/results/result';

/** A conversation in which is marked what a finding is about. */
export interface MarkedConversation {
  readonly evidence: readonly Evidence[];
  /** Which PDUs it is about: the request, and what came to it. */
  readonly offending: readonly number[];
}

/**
 * Marks what a finding is about: in the last answer that has one of the fields, these; in the request before it, what was unusual. Where no
 * answer has any, it is about the last thing that was sent and what came behind it.
 * @param wrong paths of the answer's fields
 * @param unusual paths of the request's fields
 */
export function markOffending(
  evidence: readonly Evidence[],
  wrong: readonly string[],
  unusual: readonly string[],
): MarkedConversation {
  const syntaxes = transferSyntaxes(evidence);
  const fieldsAt = (at: number, paths: readonly string[]): EvidenceField[] =>
    evidenceFields(evidence[at]!, syntaxes[at]).filter(({ path }) => paths.includes(path));
  const lastWith = (direction: Evidence['direction'], test: (at: number) => boolean): number =>
    evidence.findLastIndex((one, at) => one.direction === direction && test(at));
  const answer = lastWith('received', (at) => fieldsAt(at, wrong).length > 0);
  const end = answer === -1 ? evidence.length : answer;
  const isAsked = (at: number): boolean =>
    at < end && (answer === -1 || evidence[at]!.connection === evidence[answer]!.connection);
  const request = lastWith('sent', isAsked);
  const behind = request === -1 ? [] : later(evidence, request);
  const offending = [...(request === -1 ? [] : [request]), ...(answer === -1 ? behind : [answer])];
  const marked = (at: number, paths: readonly string[]): EvidenceField[] =>
    at === -1 ? [] : fieldsAt(at, paths).map((field) => ({ ...field, marked: true }));
  const said = marked(request, unusual);
  // Of a stub that does not decode, nothing smaller is known.
  const asked = said.length === 0 && unusual.length > 0 ? marked(request, ['rpc.request.stub']) : said;
  const marks = new Map([
    [request, asked],
    [answer, marked(answer, wrong)],
  ]);
  return {
    evidence: evidence.map((one, at) => {
      const fields = marks.get(at) ?? [];
      return fields.length === 0 ? one : { ...one, fields: [...(one.fields ?? []), ...fields] };
    }),
    offending,
  };
}

/** What came on the connection behind something that was sent. */
const later = (evidence: readonly Evidence[], request: number): number[] =>
  evidence.flatMap(({ direction, connection }, at) =>
    at > request && direction === 'received' && connection === evidence[request]!.connection ? [at] : [],
  );
