import { type Answer, faultName, formatStatus, hresultName } from '.';

/** An answer in a few words. */
export function describeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case 'response':
      return `count ${answer.value.currentClientCount}`;
    case 'sealed':
      return `sealed, version ${answer.value.majorVersion}`;
    case 'refusal':
      return `${formatStatus(answer.hresult)} ${hresultName(answer.hresult)}`;
    case 'fault':
      return `fault ${formatStatus(answer.status)} ${faultName(answer.status)}`;
    case 'malformed':
      return `malformed: ${answer.error.path} at byte ${answer.error.offset}`;
  }
}
