import { design, must } from './entry';
import { C706, DG, MODEL, RECORDED, TCP } from './sources';

/**
 * Hostile input. Each scenario sends one kind of it, then checks that the host still answers a good request within the
 * time to live, and that its count is what the model gives for the requests that were granted.
 */
export const ROB = [
  design('ROB-01', 'survives random bytes; HTTP and TLS greetings; nothing at all and a close', [DG]),
  must('ROB-02', 'survives a PDU cut off after every length from 1 to one less than its whole', [C706('')]),
  must(
    'ROB-03',
    'survives frag_length 0, 15, 16, 65535; auth_length beyond the PDU; every PTYPE from 0 to 255',
    [C706('')],
  ),
  must('ROB-04', 'survives fragments that never end; LAST without FIRST; a second FIRST of the same call', [
    C706(''),
  ]),
  must('ROB-05', 'survives n_context_elem and n_transfer_syn that claim more than is there', [C706('')]),
  must('ROB-06', 'survives stub lengths 0, 1, 2^31, 2^32-1, and ones that disagree', [C706('')]),
  must(
    'ROB-07',
    'survives a request message of every length from 0 to 251 (one that is longer than 252 may be granted or refused, and is counted only where it is granted)',
    [RECORDED],
  ),
  must('ROB-08', 'survives versions 0.0, 3.0, 4.1, 7.0, 65535.65535', [RECORDED]),
  must('ROB-09', 'survives a name without NUL; with unpaired surrogates; with control characters', [
    RECORDED,
  ]),
  design('ROB-10', 'survives N_Policy 0, 1, 1000, 1001, 2^31, 2^32-1', [MODEL]),
  must('ROB-11', 'survives ClientTime 0, 2^63-1, 2^64-1', [RECORDED]),
  must(
    'ROB-12',
    'survives a reset in the middle of a bind, a request and a response; half-closed connections',
    [TCP],
  ),
  design('ROB-13', 'survives 1,000 connections opened and closed without a byte', [DG], { slow: true }),
  design('ROB-14', 'survives all of the above again after 10,000 good requests', [MODEL], { slow: true }),
] as const;
