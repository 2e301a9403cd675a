import { fault } from './fault';

/** So many connections without a byte until `dies-after-500-silent` bites. */
const SILENT_LIMIT = 500;
/** So many answers until `slow-death` sets in. */
const LIFE_EXPECTANCY = 10_000;

/** Faults of a host that dies or hangs by how clients come and go. */
export const DEADLY_CONNECTION_FAULTS = [
  fault({
    name: 'dies-of-silence',
    sentence: 'It dies of a connection that closes without a byte.',
    requirements: ['ROB-01', 'ROB-13'],
    override: ({ gone }, { die }) => ({
      gone: (departure) => (departure.wasSilent ? die() : gone(departure)),
    }),
  }),
  fault({
    name: 'dies-of-cut-pdu',
    sentence: 'It dies of a connection that closes in the middle of a PDU.',
    requirements: ['ROB-02'],
    override: ({ left }, { die }) => ({
      left: (association) => (association.isMidPdu ? die() : left(association)),
    }),
  }),
  fault({
    name: 'hangs-on-cut-pdu',
    sentence: 'It waits for ever for the rest of a PDU whose sender has gone.',
    requirements: ['ROB-02'],
    override: ({ left }, { hang }) => ({
      left: (association) => (association.isMidPdu ? hang() : left(association)),
    }),
  }),
  fault({
    name: 'dies-of-reset',
    sentence: 'It dies of a connection that the client resets.',
    requirements: ['ROB-12'],
    override: ({ gone }, { die }) => ({
      gone: (departure) => (departure.wasReset ? die() : gone(departure)),
    }),
  }),
  fault({
    name: 'dies-after-500-silent',
    sentence: 'It dies of the 500th connection without a byte.',
    requirements: ['ROB-13'],
    override: ({ gone, started }, { die }) => {
      let silent = 0;
      return {
        gone: (departure) => {
          if (departure.wasSilent && ++silent >= SILENT_LIMIT) die();
          gone(departure);
        },
        started: (how) => {
          if (how === 'restart') silent = 0;
          started(how);
        },
      };
    },
  }),
  fault({
    name: 'slow-death',
    sentence: 'It dies of malformed input once it has answered 10,000 requests.',
    requirements: ['ROB-14'],
    override: ({ respond, malformed, started }, { die }) => {
      let answered = 0;
      return {
        respond: (...response) => {
          answered++;
          return respond(...response);
        },
        malformed: (problem, kms) => (answered > LIFE_EXPECTANCY ? die() : malformed(problem, kms)),
        started: (how) => {
          answered = 0;
          started(how);
        },
      };
    },
  }),
] as const;
