import { HRESULT } from '../../../protocol';
import { isClockNear } from '../decision';
import type { HostConnection } from '../hooks/connection-hooks';
import type { Hooks } from '../hooks/hooks';
import { fault, type Override } from './fault';
import { inResponses } from './overrides';

const TAIL_MS = 250;
const TAIL_EVERY = 10;
const MINUTES_OF_30_DAYS = 43_200;
const HUNDRED = 100;

/** Refuses clients whose clock is off with this, whether the host was told to check clocks or not. */
const checkingClocks = ({ decide }: Pick<Hooks, 'decide'>, status: number): Pick<Hooks, 'decide'> => ({
  decide: (request, rules, nowMs, isGranted) => {
    const hresult = decide(request, rules, nowMs, isGranted);
    const isGrantedOtherwise = hresult === HRESULT.ok || hresult === HRESULT.clockTooFarOff;
    return isGrantedOtherwise && !isClockNear(request, nowMs) ? status : hresult;
  },
});

/** Serves so many connections at once. */
const serving =
  (limit: number): Override =>
  ({ hasTurn }) => ({
    hasTurn: (connection, open) =>
      (hasTurn === null || hasTurn(connection, open)) && open.indexOf(connection) < limit,
  });

/** Faults of times and intervals, and of connections that stand open. */
export const TIME_FAULTS = [
  fault({
    name: 'slow-answers',
    sentence: 'It answers after the time to live.',
    requirements: ['TIME-01'],
    override: (_, { settings }) => ({ delayMs: () => settings.slowMs }),
  }),
  fault({
    name: 'activation-interval-60',
    sentence: 'It tells clients to try again in 60 minutes.',
    requirements: ['TIME-02'],
    override: inResponses(() => ({ activationIntervalMinutes: 60 })),
  }),
  fault({
    name: 'intervals-swapped',
    sentence: 'It swaps the two intervals.',
    requirements: ['TIME-02', 'TIME-03'],
    override: inResponses(({ activationIntervalMinutes, renewalIntervalMinutes }) => ({
      activationIntervalMinutes: renewalIntervalMinutes,
      renewalIntervalMinutes: activationIntervalMinutes,
    })),
  }),
  fault({
    name: 'renewal-interval-30-days',
    sentence: 'It tells clients to renew after 30 days.',
    requirements: ['TIME-03'],
    override: inResponses(() => ({ renewalIntervalMinutes: MINUTES_OF_30_DAYS })),
  }),
  fault({
    name: 'intervals-in-seconds',
    sentence: 'It sends the intervals in seconds.',
    requirements: ['TIME-02', 'TIME-03', 'TIME-09'],
    override: inResponses(({ activationIntervalMinutes, renewalIntervalMinutes }) => ({
      activationIntervalMinutes: 60 * activationIntervalMinutes,
      renewalIntervalMinutes: 60 * renewalIntervalMinutes,
    })),
  }),
  fault({
    name: 'zero-intervals',
    sentence: 'It sends intervals of 0.',
    requirements: ['TIME-02', 'TIME-03', 'TIME-09'],
    override: inResponses(() => ({ activationIntervalMinutes: 0, renewalIntervalMinutes: 0 })),
  }),
  fault({
    name: 'slow-tail',
    sentence: 'It takes its time over every tenth answer.',
    requirements: ['TIME-04'],
    override: ({ delayMs }, { settings }) => {
      let answers = 0;
      const tailMs = Math.min(settings.slowMs, TAIL_MS);
      return { delayMs: () => Math.max(delayMs(), ++answers % TAIL_EVERY === 0 ? tailMs : 0) };
    },
  }),
  fault({
    name: 'ignores-half-close',
    sentence: "It does not answer a client's half-close.",
    requirements: ['TIME-05'],
    override: ({ letsGo }) => ({
      letsGo: (association, why) => why !== 'half-close' && letsGo(association, why),
    }),
  }),
  fault({
    name: 'one-client-at-a-time',
    sentence: 'It serves a connection only when the one before is closed.',
    requirements: ['TIME-06'],
    override: serving(1),
  }),
  fault({
    name: 'hundred-connections',
    sentence: 'It serves no connection beyond the hundredth that is open.',
    requirements: ['TIME-06'],
    override: serving(HUNDRED),
  }),
  fault({
    name: 'waits-for-whole-pdu',
    sentence: 'It serves nobody while a client is in the middle of a PDU.',
    requirements: ['TIME-06'],
    override: ({ hasTurn }) => ({
      hasTurn: (connection, open) =>
        (hasTurn === null || hasTurn(connection, open)) && (holder(open) ?? connection) === connection,
    }),
  }),
  fault({
    name: 'counts-wrong-clock',
    sentence: 'It refuses clients whose clock is off, and counts them.',
    requirements: ['TIME-07'],
    override: (right) => ({
      ...checkingClocks(right, HRESULT.clockTooFarOff),
      refused: (refusal, kms) => {
        right.refused(refusal, kms);
        if (refusal.hresult === HRESULT.clockTooFarOff) kms.count(refusal.request, refusal.caller);
      },
    }),
  }),
  fault({
    name: 'wrong-clock-status',
    sentence: 'It answers 0xC004D104 to clients whose clock is off.',
    requirements: ['TIME-07'],
    override: (right) => checkingClocks(right, HRESULT.licenceStore),
  }),
  fault({
    name: 'never-closes-idle',
    sentence: 'It keeps silent connections for ever.',
    requirements: ['TIME-08'],
    override: ({ letsGo }) => ({ letsGo: (association, why) => why !== 'idle' && letsGo(association, why) }),
  }),
] as const;

/** The connection that everybody waits for: one in the middle of a PDU. */
function holder(open: readonly HostConnection[]): HostConnection | undefined {
  return open.find(({ association }) => association.isMidPdu);
}
