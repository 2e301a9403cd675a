import { design, must, should } from './entry';
import { DG, MODEL, UK, VA } from './sources';

/** The table of CMIDs. */
export const CACHE = [
  must('CACHE-01', 'asked by servers only, stops at 10', [UK('2.3')], {
    usually: 'the capacity is twice the greatest N_Policy so far: 10 while servers alone have asked',
  }),
  must('CACHE-02', 'asked by client OSes, stops at 50', [UK('2.3'), VA], {
    usually: 'the capacity is twice the greatest N_Policy so far: 50 once a client OS has asked',
  }),
  must(
    'CACHE-03',
    'grows from 10 to 50 when the first client OS asks, keeping what it holds: that one receives 11',
    [UK('2.3')],
    { usually: 'the first request with N_Policy 25 raises the capacity to 50, and every record stays' },
  ),
  must('CACHE-04', 'never shrinks: servers that ask after clients find 50 places', [UK('2.3')], {
    usually: 'the capacity never falls: a later request with N_Policy 5 leaves it at 50',
  }),
  must(
    'CACHE-05',
    'keeps the most recent: a new CMID in a full cache displaces the oldest request',
    [UK('2.3')],
    { usually: 'a full table displaces the record whose last request is the oldest' },
  ),
  must('CACHE-06', 'makes a renewal the most recent', [UK('2.3')], {
    usually: 'a renewal makes its record the newest',
  }),
  must('CACHE-07', 'keeps a record for 30 days: still counted after 29 days 23 hours', [UK('2.3')], {
    usually: 'a record lives for 30 days from the last request of its client',
  }),
  must(
    'CACHE-08',
    'has dropped a record 30 days and 1 hour after its last request, and the count by one for each',
    [UK('2.3')],
    {
      usually:
        'a record lives for 30 days from the last request of its client, whether anybody looks meanwhile or not',
    },
  ),
  must('CACHE-09', 'starts the 30 days again on renewal', [UK('2.3')], {
    usually: 'a renewal sets the time of its record anew',
  }),
  must('CACHE-10', 'keeps its size when all records have expired', [UK('2.3')], {
    usually: 'the capacity never falls, not even where all records have expired',
  }),
  design(
    'CACHE-11',
    '(where the target can be reset) stays bounded whatever N_Policy a request claims: after N_Policy 2^32-1 and 2^31, refused or answered, no more than 2,000 machines are ever counted',
    [MODEL],
  ),
  should('CACHE-12', 'starts from zero after a restart, as the profile says', [DG]),
  must('CACHE-13', 'drops only expired records: half a fleet renews, the other half goes', [UK('2.3')], {
    usually: 'a record lives for 30 days from the last request of its own client',
  }),
  must('CACHE-14', 'expires the same records where clients ask at the same time', [UK('2.3')], {
    usually: 'look again whether a record has expired at the moment of dropping it',
  }),
] as const;
