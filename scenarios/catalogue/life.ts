import { must } from './entry';
import { DG, UK, VA } from './sources';

/** A fleet over virtual months. */
export const LIFE = [
  must(
    'LIFE-01',
    'activates all of a fleet of 500 client OSes, none before the 25th machine asked, each within 2 hours after the later of that and its own first request',
    [VA, DG],
  ),
  must('LIFE-02', 'keeps a fleet that renews weekly activated over 180 days, the count at its capacity', [
    UK('2.4'),
  ]),
  must('LIFE-03', 'no longer activates new client OSes once fewer than 24 others asked in the last 30 days', [
    UK('2.3'),
  ]),
  must('LIFE-04', 'activates servers from 5 machines on in a mixed fleet while client OSes still wait', [
    UK('2.2'),
  ]),
  must('LIFE-05', 'never lets the count exceed capacity nor fall while the fleet renews', [UK('2.3')]),
] as const;
