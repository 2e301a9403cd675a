import {
  CONTEXT_RESULT,
  encodePdu,
  type Exchange,
  KMS_INTERFACE,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
} from '../../protocol';
import { type Conversation, ConversationWriter } from './conversation-writer';
import type { PacketWriter } from './packet-writer';

/** The limits that the recorded clients offer. */
const MAX_FRAG = 5840;

/**
 * Writes exchanges as a capture that any reader takes for what it is: each connection with its TCP handshake, a bind
 * and its answer (an exchange keeps only the PDUs of its call, so these are made anew), the PDUs as they were, and FINs.
 * Packets come in the order of time.
 * @param exchanges in the order of their requests; those of a connection share its number
 */
export function writeExchanges(exchanges: Iterable<Exchange>, writer: PacketWriter): void {
  const conversations = new ConversationWriter(writer);
  const open = new Map<number, OpenConnection>();
  const events: { readonly timeNs: bigint; run(): void }[] = [];
  for (const exchange of exchanges) {
    const at = open.get(exchange.connection) ?? {
      conversation: null,
      contexts: new Map(),
      last: exchange.requestedAt,
    };
    open.set(exchange.connection, at);
    const { client, host, requestedAt, answeredAt, pdus } = exchange;
    events.push({
      timeNs: requestedAt,
      run: () => {
        at.conversation ??= conversations.open(client, host, requestedAt);
        negotiate(at.conversation, at.contexts, exchange);
        for (const pdu of pdus.sent) at.conversation.send('client', pdu, requestedAt);
      },
    });
    const end = answeredAt ?? requestedAt;
    for (const pdu of pdus.received) {
      events.push({ timeNs: end, run: () => at.conversation?.send('host', pdu, end) });
    }
    if (end > at.last) at.last = end;
  }
  for (const at of open.values()) {
    events.push({ timeNs: at.last, run: () => at.conversation?.end('client', at.last) });
    events.push({ timeNs: at.last, run: () => at.conversation?.end('host', at.last) });
  }
  // Sorting keeps the order of what happened at the same time.
  events.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
  for (const event of events) event.run();
}

interface OpenConnection {
  conversation: Conversation | null;
  /** Contexts that were negotiated. */
  readonly contexts: Map<number, TransferSyntax>;
  last: bigint;
}

/** Bind at first, alter_context for each further context. */
function negotiate(
  conversation: Conversation,
  contexts: Map<number, TransferSyntax>,
  { contextId, transferSyntax, requestedAt, host }: Exchange,
): void {
  if (contexts.get(contextId) === transferSyntax) return;
  const first = contexts.size === 0;
  contexts.set(contextId, transferSyntax);
  const syntax = TRANSFER_SYNTAXES[transferSyntax];
  const offer = encodePdu({
    kind: first ? 'bind' : 'alterContext',
    header: { callId: 1 },
    body: {
      maxXmitFrag: MAX_FRAG,
      maxRecvFrag: MAX_FRAG,
      contexts: [{ contextId, abstractSyntax: KMS_INTERFACE, transferSyntaxes: [syntax] }],
    },
  });
  const port = host.slice(host.lastIndexOf(':') + 1);
  const answer = encodePdu({
    kind: first ? 'bindAck' : 'alterContextResp',
    header: { callId: 1 },
    body: {
      maxXmitFrag: MAX_FRAG,
      maxRecvFrag: MAX_FRAG,
      assocGroupId: 1,
      secondaryAddress: first ? Buffer.from(`${port}\0`) : new Uint8Array(0),
      results: [{ result: CONTEXT_RESULT.acceptance, reason: 0, transferSyntax: syntax }],
    },
  });
  conversation.send('client', offer, requestedAt);
  conversation.send('host', answer, requestedAt);
}
