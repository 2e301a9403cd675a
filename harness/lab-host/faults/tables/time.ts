import { fault } from './fault';

/** Faults of times, intervals and connections that stand open. */
export const TIME_FAULTS = [
  fault('slow-answers', 'It answers after the time to live.', ['TIME-01']),
  fault('activation-interval-60', 'It tells clients to try again in 60 minutes.', ['TIME-02']),
  fault('intervals-swapped', 'It swaps the two intervals.', ['TIME-02', 'TIME-03']),
  fault('renewal-interval-30-days', 'It tells clients to renew after 30 days.', ['TIME-03']),
  fault('intervals-in-seconds', 'It sends the intervals in seconds.', ['TIME-02', 'TIME-03', 'TIME-09']),
  fault('zero-intervals', 'It sends intervals of 0.', ['TIME-02', 'TIME-03', 'TIME-09']),
  fault('slow-tail', 'It takes its time over every tenth answer.', ['TIME-04']),
  fault('ignores-half-close', "It does not answer a client's half-close.", ['TIME-05']),
  fault('one-client-at-a-time', 'It serves a connection only when the one before is closed.', ['TIME-06']),
  fault('hundred-connections', 'It serves no connection beyond the hundredth that is open.', ['TIME-06']),
  fault('waits-for-whole-pdu', 'It serves nobody while a client is in the middle of a PDU.', ['TIME-06']),
  fault('counts-wrong-clock', 'It refuses clients whose clock is off, and counts them.', ['TIME-07']),
  fault('wrong-clock-status', 'It answers 0xC004D104 to clients whose clock is off.', ['TIME-07']),
  fault('never-closes-idle', 'It keeps silent connections for ever.', ['TIME-08']),
] as const;
