import { design, must, observed } from './entry';
import { DG, EN, MODEL, RECORDED, UK, VA } from './sources';

/** Counting. */
export const CNT = [
  must('CNT-01', 'answers the first client with 1', [UK('2.2')], {
    usually: 'the client that asks is counted before it is answered, and the host itself is no client',
  }),
  must('CNT-02', 'answers the n-th different client with n, up to the threshold', [UK('2.2')], {
    usually: 'each new CMID raises the count by one, before its own answer is made',
  }),
  must(
    'CNT-03',
    'does not count a CMID twice within an application, whatever else in the request differs',
    [UK('2.3'), VA],
    { usually: 'a client is known by its CMID alone' },
  ),
  must('CNT-04', 'tells CMIDs apart by all 16 bytes', [UK('2.3')], {
    usually: 'compare all 16 octets of the CMID',
  }),
  must('CNT-05', 'counts clients that share a workstation name but not a CMID', [DG, VA], {
    usually: 'machines of one name are different machines: a client is known by its CMID alone',
  }),
  must('CNT-06', 'counts virtual machines as the profile says', [UK('2.2'), VA]),
  must(
    'CNT-07',
    'counts client and server operating systems together: 3 clients, then a server receives 4',
    [UK('2.2'), EN],
    { usually: 'clients and servers share one table' },
  ),
  must('CNT-08', 'lets the fifth machine, if a server, be activated (count >= 5)', [UK('2.2'), DG], {
    usually: 'a server is answered with the count of all machines, and holds it against 5 by itself',
  }),
  must(
    'CNT-09',
    'leaves the 24th machine, a client OS, below its threshold and lets the 25th reach it',
    [UK('2.2'), DG],
    { usually: 'the count includes the client that asks: the 25th is answered 25' },
  ),
  must('CNT-10', 'answers below the threshold with the count, not with a refusal', [UK('2.2')], {
    usually: 'below its threshold a client receives the count, and decides for itself',
  }),
  must(
    'CNT-11',
    'gives an early client that asks again the current count, so that it is activated once the threshold is met',
    [UK('2.2'), VA],
    { usually: 'an answer has the count of now, not the one that this client received before' },
  ),
  must(
    'CNT-12',
    'loses no count when many clients ask at once: k clients in parallel receive 1 to k, each once',
    [UK('2.2')],
    { usually: 'reading the table and adding to it must be one step' },
  ),
  design('CNT-13', 'counts nothing for a refused or malformed request', [MODEL]),
  observed(
    'CNT-14',
    'counts each application (Windows, Office) by itself, where it grants both',
    [RECORDED],
    { usually: 'each AppID has a table of its own' },
  ),
  must('CNT-15', 'answers a renewing client of a full cache with the full count', [UK('2.3')], {
    usually: 'a renewal takes no place of another: the table stays full, and the answer says so',
  }),
  must(
    'CNT-16',
    'grants any number of machines: 2,000 different clients, none refused, the count at its capacity',
    [VA],
    { usually: 'a full table displaces its oldest record, and refuses nobody' },
  ),
  must(
    'CNT-17',
    'answers overlapping requests as some order of them would be answered, and holds afterwards what that order leaves',
    [UK('2.2'), UK('2.3')],
    { usually: 'looking a client up, adding it and taking the count must be one step' },
  ),
  must(
    'CNT-18',
    'counts a CMID once whichever address, connection, association group or transfer syntax it came by',
    [UK('2.3')],
    { usually: 'a client is known by its CMID alone, whichever way it came' },
  ),
  must('CNT-19', 'never answers a count above the capacity that the requests so far allow', [UK('2.3')], {
    usually: 'a full table displaces a record for each that it adds, in one step',
  }),
  must(
    'CNT-20',
    'counts right at every count, whatever its associations went through before: renewals, refusals, faults, contexts added, requests at the same time',
    [UK('2.2'), UK('2.3')],
  ),
] as const;
