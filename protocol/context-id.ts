import type { PduOf } from './pdu';

/** What is kept of a context_id by servers that keep one octet of it in responses, as Windows does. */
export const CONTEXT_ID_OCTET = 0xff;

/**
 * Whether an answer names the presentation context of its call (C706 12.6.4.10). Above 255 its low octet alone will do; a fault may name
 * context 0, as it does where the server tied the call to no context.
 */
export function namesContext({ kind, body }: PduOf<'response'> | PduOf<'fault'>, contextId: number): boolean {
  if (body.contextId === contextId) return true;
  if (kind === 'fault' && body.contextId === 0) return true;
  return contextId > CONTEXT_ID_OCTET && body.contextId === (contextId & CONTEXT_ID_OCTET);
}
