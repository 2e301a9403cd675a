import { must, observed, should } from './entry';
import { C706, MS_RPCE, RECORDED, TCP, UK } from './sources';

/** The association and the call. */
export const RPC = [
  must('RPC-01', 'accepts a bind to the interface that offers NDR32 alone, result 0', [C706('12.6')]),
  must('RPC-02', 'needs no authentication', [UK('2.6')]),
  must(
    'RPC-03',
    'rejects an unknown interface: result 2 reason 1, or bind_nak (a close without a word fails)',
    [C706('12.6.3.1')],
  ),
  should('RPC-04', 'offered NDR32 and NDR64 accepts exactly one of them', [MS_RPCE('3.3.1.5.6')]),
  must(
    'RPC-05',
    'answers a BTFN context with negotiate_ack or a rejection, and grants no bit that was not offered',
    [MS_RPCE('3.3.1.5.3'), MS_RPCE('2.2.2.14')],
  ),
  must('RPC-06', 'returns the call_id of the request, also values 0, 1 and 0xFFFFFFFF', [C706('12.6.3.5')]),
  must('RPC-07', 'returns the context_id of the request', [C706('12.6.4.10')]),
  must(
    'RPC-08',
    "sends a frag_length that is the PDU's real length, and FIRST and LAST on a single fragment",
    [C706('12.6.3')],
  ),
  must('RPC-09', 'answers an opnum other than 0 with fault nca_op_rng_error', [C706('12.6.4.7')]),
  must('RPC-10', 'answers a context_id that was not negotiated with a fault (a close without a word fails)', [
    C706('12.6.4.7'),
  ]),
  observed(
    'RPC-11',
    'serves a further request on the same association; a clean close after one answer is noted and passes',
    [C706('12.6'), UK('2.6')],
  ),
  must(
    'RPC-12',
    'after a fault (RPC-09, RPC-10, RPC-20) serves the association or closes it cleanly, and serves a new one',
    [C706('12.6')],
  ),
  should('RPC-13', 'accepts alter_context and then requests in the context it granted', [C706('12.6.4.1')]),
  must('RPC-14', 'accepts a request cut into several fragments', [C706('12.6.3')]),
  must('RPC-15', 'accepts a PDU that arrives in several TCP segments, down to one byte each', [TCP]),
  observed('RPC-16', 'accepts bind and request that arrive in one TCP segment', [TCP]),
  must(
    'RPC-17',
    'answers in little-endian data representation 10 00 00 00 or another that it declares truly',
    [C706('14.1')],
  ),
  should('RPC-18', 'accepts an alloc_hint of 0 and one that is wrong', [C706('12.6.4.9')]),
  must('RPC-19', 'over NDR64 where it accepts it, answers the same counts as over NDR32', [MS_RPCE('')]),
  must(
    'RPC-20',
    'does not grant a stub that is shorter than its lengths claim or whose two lengths differ, and counts nothing; fault 0x6F7 is the documented answer, another is noted',
    [MS_RPCE('3.1.3.5.2')],
  ),
  observed(
    'RPC-21',
    'accepts a bind of up to 5840-byte fragments and answers with limits no larger than offered',
    [RECORDED],
  ),
  must(
    'RPC-22',
    'sends no stub data in a fault (extended error information, flagged in the reserved byte, is none)',
    [MS_RPCE('2.2.2.8')],
  ),
] as const;
