import type { Result } from './result';

/** The message of a result without the source at its end: for writers that name the source beside it. */
export function messageBesideSource({
  message,
  source,
}: Pick<Result, 'message' | 'source'>): string | undefined {
  const end = ` (${source})`;
  return message?.endsWith(end) === true ? message.slice(0, -end.length) : message;
}
