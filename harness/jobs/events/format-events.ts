import type { Exchange } from '../../../protocol';
import { eventLine, malformedEventLine } from '../../lab-host/event-line';

/** What a Windows host logs where it gives no answer of its own: nothing. */
const NOT_LOGGED = null;

/**
 * The line of event 12290 that a Windows host would log for an exchange (Operations Guide), or null where it logs none: a
 * request that got no answer, or a fault, never came to the service.
 */
export function exchangeEventLine({ request, answer }: Exchange): string | null {
  if (answer === null || answer.kind === 'fault') return NOT_LOGGED;
  const hresult = answer.kind === 'refusal' ? answer.hresult : 0;
  const { content, bytes } = request;
  return content.kind === 'clear' ? eventLine(hresult, content.value) : malformedEventLine(hresult, bytes);
}
