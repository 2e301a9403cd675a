import { design, must, observed, should } from './entry';
import { C706, MODEL, MS_RPCE, RECORDED, TCP, UK } from './sources';

/** The association and the call. */
export const RPC = [
  must('RPC-01', 'accepts a bind to the interface that offers NDR32 alone, result 0', [C706('12.6')]),
  must('RPC-02', 'needs no authentication', [UK('2.6')], {
    usually: 'a call without authentication is served',
  }),
  must(
    'RPC-03',
    'rejects an unknown interface: result 2 reason 1, or bind_nak (a close without a word fails)',
    [C706('12.6.3.1')],
    {
      usually: 'an unknown interface is told in the result of its context: result 2, reason 1',
    },
  ),
  should('RPC-04', 'offered NDR32 and NDR64 accepts at most one of them', [MS_RPCE('3.3.1.5.6')], {
    usually:
      'two accepted contexts leave open which the client uses: accept one, reject the other with result 2, reason 2',
  }),
  must(
    'RPC-05',
    'answers a BTFN context with negotiate_ack or a rejection, and grants no bit that was not offered',
    [MS_RPCE('3.3.1.5.3'), MS_RPCE('2.2.2.14')],
    {
      usually:
        'bind-time features are answered with result 3 and the bits that the host has of those offered, or rejected',
    },
  ),
  must('RPC-06', 'returns the call_id of the request, also values 0, 1 and 0xFFFFFFFF', [C706('12.6.3.5')], {
    usually: 'call_id is copied from the request, all 4 octets of it; it need not begin at 1 nor rise',
  }),
  must(
    'RPC-07',
    'returns the context_id of the request (above 255 its low octet alone is noted and passes)',
    [C706('12.6.4.10')],
    { usually: 'context_id is copied from the request into the response' },
  ),
  must(
    'RPC-08',
    "sends a frag_length that is the PDU's real length, and FIRST and LAST on a single fragment",
    [C706('12.6.3')],
    {
      usually:
        'frag_length counts the header too, and a response in one PDU has pfc_flags FIRST and LAST (0x03)',
    },
  ),
  must('RPC-09', 'answers an opnum other than 0 with fault nca_op_rng_error', [C706('12.6.4.7')], {
    usually: 'an opnum that the interface does not have is no reason to close, nor to read the stub',
  }),
  must(
    'RPC-10',
    'answers a context_id that was not negotiated with a fault (a close without a word fails)',
    [C706('12.6.4.7')],
    { usually: 'look the context_id up among those that this connection accepted' },
  ),
  observed(
    'RPC-11',
    'serves a further request on the same association; a clean close after one answer is noted and passes',
    [C706('12.6'), UK('2.6')],
    { usually: 'go on reading behind an answer: the client may ask again on the same connection' },
  ),
  must(
    'RPC-12',
    'after a fault (RPC-09, RPC-10, RPC-20) serves the association or closes it cleanly, and serves a new one',
    [C706('12.6')],
    { usually: 'a fault ends the call, not the connection' },
  ),
  should('RPC-13', 'accepts alter_context and then requests in the context it granted', [C706('12.6.4.1')], {
    usually: 'alter_context adds a context to the connection, and is answered by alter_context_resp',
  }),
  must('RPC-14', 'accepts a request cut into several fragments', [C706('12.6.3')], {
    usually: 'join the stubs of all fragments, from FIRST to LAST, before the stub is read',
  }),
  must('RPC-15', 'accepts a PDU that arrives in several TCP segments, down to one byte each', [TCP], {
    usually: 'TCP may deliver any number of octets at once: read on until frag_length octets are there',
  }),
  observed('RPC-16', 'accepts bind and request that arrive in one TCP segment', [TCP], {
    usually: 'one read may hold several PDUs: keep what stands behind the first',
  }),
  must(
    'RPC-17',
    'answers in little-endian data representation 10 00 00 00 or another that it declares truly',
    [C706('14.1')],
  ),
  should('RPC-18', 'accepts an alloc_hint of 0, and a wrong one on a whole request', [C706('12.6.4.9')], {
    usually:
      'alloc_hint is a hint: the length of the stub comes from frag_length, less header and authentication',
  }),
  must('RPC-19', 'over NDR64 where it accepts it, answers the same counts as over NDR32', [MS_RPCE('')]),
  must(
    'RPC-20',
    'does not grant a stub that is shorter than its lengths claim or whose two lengths differ, and counts nothing; fault 0x6F7 is the documented answer, another is noted',
    [MS_RPCE('3.1.3.5.2')],
    {
      usually:
        'compare both lengths of the stub with each other and with the octets that are there, before reading the message',
    },
  ),
  observed(
    'RPC-21',
    'accepts a bind of up to 5840-byte fragments and, where at least 2048 is offered, answers with limits no larger than that',
    [RECORDED],
  ),
  must(
    'RPC-22',
    'sends no stub data in a fault (extended error information, flagged in the reserved byte, is none)',
    [MS_RPCE('2.2.2.8')],
    { usually: 'the fault PDU ends behind its status and 4 reserved octets' },
  ),
  must(
    'RPC-23',
    'accepts a context that lists several transfer syntaxes if it knows one',
    [C706('12.6.3.1')],
    { usually: 'look at every transfer syntax of a context, not at the first alone' },
  ),
  must(
    'RPC-24',
    'takes contexts added by alter_context beside those of the bind, and serves calls in each',
    [C706('12.6.4.1')],
    { usually: 'alter_context adds to the contexts of the bind, and replaces none' },
  ),
  must(
    'RPC-25',
    'refuses a bind that authenticates in a way that it does not know with bind_nak (another reason than 8 is noted), and does not serve it',
    [MS_RPCE('2.2.2.5')],
  ),
  should('RPC-26', 'lets a second connection join the association group of the first', [
    MS_RPCE('3.3.1.5.7'),
  ]),
  must(
    'RPC-27',
    'keeps the contexts of one connection from others, in an association group too',
    [MS_RPCE('3.3.1.5.6')],
    { usually: 'a context belongs to the connection that negotiated it' },
  ),
  must(
    'RPC-28',
    'answers calls sent before the last answer came with the right call_id each, or faults them, and never mixes answers (calls left unanswered are noted)',
    [C706('12.6.3.5')],
    { usually: 'an answer has the call_id of the request that it answers, however many came in one read' },
  ),
  must('RPC-29', 'sends no fault status that is forbidden, such as 0 or STATUS_ACCESS_VIOLATION', [
    MS_RPCE('3.3.3.5.1'),
  ]),
  observed('RPC-30', 'goes on after a co_cancel or orphaned without a call', [RECORDED], {
    usually: 'co_cancel and orphaned are not answered, and end neither the connection nor the next call',
  }),
  should(
    'RPC-31',
    'reads no octets behind the stub as part of it, such as a verification trailer, and grants',
    [MS_RPCE('2.2.2.13')],
    { usually: 'octets behind the message are no reason to refuse a stub' },
  ),
  must('RPC-32', 'takes fragments of at least 1432 octets, whatever limits it names', [C706('12.6.3.1')]),
  design(
    'RPC-33',
    'bounds what it keeps of calls that never end: after 1 MiB of fragments without LAST, ten times, it serves on',
    [MODEL],
  ),
] as const;
