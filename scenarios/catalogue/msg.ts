import { must, observed } from './entry';
import { C706, DG, OG, RECORDED, UK } from './sources';

/** The message. */
export const MSG = [
  must('MSG-01', 'answers a version 4.0 request with a version 4.0 response', [OG]),
  must('MSG-02', "returns the request's CMID", [OG]),
  must('MSG-03', "returns the request's ClientTime, to the 100 ns", [OG]),
  must(
    'MSG-04',
    'sends an ePID that is non-empty UTF-16LE, NUL-terminated within PIDSize, PIDSize even and at most 128',
    [OG, RECORDED],
  ),
  must('MSG-05', 'sends a response of exactly 44 + PIDSize + 16 bytes, the length the stub announces', [OG]),
  must(
    'MSG-06',
    'needs no more than the documented 250-byte exchange: accepts a 252-byte request message, and answers with at most 188 bytes',
    [UK('2.6'), OG],
  ),
  must('MSG-07', 'signs with a MAC that verifies (untestable without a key)', [OG], {
    usually: 'the MAC is over all octets of the message before it, with the key that was given',
  }),
  must(
    'MSG-08',
    "sends no bytes of another client's request anywhere, and no more padding than alignment needs; padding other than zeros is noted",
    [DG, C706('14.2.2')],
  ),
  observed('MSG-09', 'sends the same ePID to every request between two restarts', [RECORDED]),
  must('MSG-10', 'accepts every LicenseStatus 0-6, VMInfo 0 and 1, and any CMID_prev', [OG], {
    usually: 'no value of these fields is a reason to refuse',
  }),
  must('MSG-11', 'accepts a WorkstationName of 0 and of 63 characters, and names outside ASCII', [OG], {
    usually: 'the name is 64 UTF-16 units, the last of them NUL, and no reason to refuse',
  }),
  observed(
    'MSG-12',
    'answers protocol 5.0 and 6.0 requests (replayed) with the same clear version, or refuses; never with another version',
    [RECORDED],
  ),
] as const;
