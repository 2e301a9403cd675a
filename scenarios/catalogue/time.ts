import { design, must, observed, should } from './entry';
import { DG, MODEL, OG_WMI, RECORDED, UK, VA } from './sources';

export const TIME = [
  must('TIME-01', 'answers within the 15-second time to live', [VA]),
  must(
    'TIME-02',
    'tells clients that were not activated to try again in 120 minutes, unless configured otherwise',
    [UK('2.4')],
  ),
  must('TIME-03', 'tells clients to renew after 10080 minutes, unless configured otherwise', [UK('2.4')]),
  should(
    'TIME-04',
    'answers 99 of 100 requests within the latency budget that the configuration sets, at the rate it sets',
    [VA],
  ),
  must(
    'TIME-05',
    "answers a client's half-close after the response with FIN or RST, within 5 seconds",
    [UK('2.6')],
    { usually: 'a FIN of the client is the end of the conversation: close the connection too' },
  ),
  design(
    'TIME-06',
    'goes on serving while 200 connections stand idle, and while 50 send a byte a second',
    [MODEL],
    { usually: 'one connection that waits must not hold up the others' },
  ),
  observed(
    'TIME-07',
    'answers a request whose ClientTime is hours off, or refuses it with 0xC004F06C and counts nothing',
    [DG],
  ),
  observed(
    'TIME-08',
    'closes a connection that has sent nothing, in the time that the configuration sets',
    [RECORDED],
    { slow: true, usually: 'close a connection on which nothing comes' },
  ),
  must('TIME-09', 'never sends an interval outside 15 to 43200 minutes', [OG_WMI]),
] as const;
