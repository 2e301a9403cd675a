import { type Answer, type Exchange, formatStatus, hresultName } from '../../../protocol';
import { HostFailure } from '../../client';

/** The count that a request was answered with; null where nobody knows whether it was counted, undefined where it was not. */
export function countOf(outcome: Exchange | HostFailure): number | null | undefined {
  if (outcome instanceof HostFailure)
    return outcome.stage === 'connect' || outcome.stage === 'bind' ? undefined : null;
  const answer = outcome.answer!;
  if (answer.kind === 'response') return answer.value.currentClientCount;
  return answer.kind === 'refusal' || answer.kind === 'fault' ? undefined : null;
}

/** What is wrong with one request: the class under which it is counted, and the words. */
export interface Wrong {
  readonly class: string;
  readonly message: string;
}

export const hostFailure = ({ kind, stage, message }: HostFailure): Wrong => ({
  class: `${kind} (${stage})`,
  message,
});

export function answerFailure(answer: Answer): Wrong | null {
  const name = classOfAnswer(answer);
  return name === null ? null : { class: name, message: name };
}

/** The class of an answer that is no count, or null. */
function classOfAnswer(answer: Answer): string | null {
  switch (answer.kind) {
    case 'response':
      return null;
    case 'refusal':
      return `refused: ${formatStatus(answer.hresult)} ${hresultName(answer.hresult)}`;
    case 'fault':
      return `fault ${formatStatus(answer.status)}`;
    case 'malformed':
      return `malformed: ${answer.error.path}`;
    case 'sealed':
      return 'a sealed message';
  }
}
