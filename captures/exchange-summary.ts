import {
  type Exchange,
  faultName,
  formatStatus,
  HRESULT,
  hresultName,
  type KmsRequest,
  type KmsResponse,
} from '../protocol';

/** The clear request, null where it is sealed or malformed. */
export function clearRequest({ request }: Exchange): KmsRequest | null {
  return request.content.kind === 'clear' ? request.content.value : null;
}

/** The clear response, null for every other answer and for none. */
export function clearResponse({ answer }: Exchange): KmsResponse | null {
  return answer?.kind === 'response' ? answer.value : null;
}

/** Whether the request or the answer is of version 5 or 6, whose content is not read here. */
export function isSealed({ request, answer }: Exchange): boolean {
  return request.content.kind === 'sealed' || answer?.kind === 'sealed';
}

/** From the request's last byte to the answer's, in milliseconds; null without an answer. */
export function latencyMs({ requestedAt, answeredAt }: Exchange): number | null {
  return answeredAt === null ? null : Number(answeredAt - requestedAt) / 1e6;
}

/** ISO 8601 with nanoseconds, such as `2026-11-21T07:16:55.123456789Z`. */
export function formatTime(timestampNs: bigint): string {
  const second = 1_000_000_000n;
  const fraction = ((timestampNs % second) + second) % second;
  const seconds = Number((timestampNs - fraction) / second);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `${timestampNs} ns`;
  return `${date.toISOString().slice(0, -5)}.${fraction.toString().padStart(9, '0')}Z`;
}

/** What came back, in a few words. */
export function answerText(exchange: Exchange): string {
  const [word, meaning] = answerWords(exchange);
  const colon = exchange.answer?.kind === 'malformed' ? ':' : '';
  return meaning === '' ? word : `${word}${colon} ${meaning}`;
}

/** The same in two parts: a word or number of ten letters at most, and what it means where that does not show. */
export function answerWords({ answer }: Exchange): readonly [word: string, meaning: string] {
  if (answer === null) return ['no answer', ''];
  switch (answer.kind) {
    case 'response':
      return [`count ${answer.value.currentClientCount}`, ''];
    case 'sealed':
      return ['sealed', ''];
    case 'refusal':
      return [formatStatus(answer.hresult), hresultName(answer.hresult)];
    case 'fault':
      return ['fault', `${formatStatus(answer.status)} ${faultName(answer.status)}`];
    case 'malformed':
      return ['malformed', answer.error.path];
  }
}

/** What a refusal usually means to whoever runs the machines; clients show the same codes. */
const REFUSALS: Readonly<Record<number, string>> = {
  [HRESULT.clientCountTooLow]: 'too few machines asked this host in the last 30 days',
  [HRESULT.productNotOffered]: "the host's key is of another group than this product, or too old for it",
  [HRESULT.clockTooFarOff]: 'the clocks of client and host differ by too much',
};

/** What an answer means to who waits for an activation; empty where it is one. */
export function administratorText(exchange: Exchange): string {
  const { answer } = exchange;
  if (answer?.kind === 'refusal') return REFUSALS[answer.hresult] ?? '';
  const needed = clearRequest(exchange)?.requiredClientCount;
  const counted = clearResponse(exchange)?.currentClientCount;
  if (needed === undefined || counted === undefined || counted >= needed) return '';
  return `${needed - counted} below N: the client shows ${formatStatus(HRESULT.clientCountTooLow)}`;
}

/** Controls, marks that turn text, what has no width, tags, halves of pairs and non-characters: they act instead of being seen. */
const ACTING =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff0-\ufffb\u{e0000}-\u{e0fff}]|\p{Surrogate}|\p{Noncharacter_Code_Point}/gu;

/** Names in a capture are a stranger's: acting characters must reach no terminal. */
export function printable(text: string): string {
  return text.replace(ACTING, (character) => {
    const digits = character.codePointAt(0)!.toString(16);
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
  });
}
