import { CLIENT_THRESHOLD, SERVER_THRESHOLD } from '../../../protocol';
import { fault } from './fault';

/** What the host tells of itself beside the wire is not what it does. */
export const OWN_COUNTER_FAULTS = [
  fault({
    name: 'own-count-less-one',
    sentence: 'Its own count leaves one machine out that it counts in its answers.',
    requirements: ['OBS-01'],
    override: ({ observed }) => ({
      observed: (right) => {
        const { currentCount = 0, ...others } = observed(right);
        return { ...others, currentCount: Math.max(0, currentCount - 1) };
      },
    }),
  }),
  fault({
    name: 'own-count-of-requests',
    sentence: 'Its own count is that of the requests since it was installed, up to 50.',
    requirements: ['OBS-01'],
    override: ({ observed }) => ({
      observed: (right) => {
        const counters = observed(right);
        return { ...counters, currentCount: Math.min(counters.totalRequests ?? 0, 2 * CLIENT_THRESHOLD) };
      },
    }),
  }),
  fault({
    name: 'licensed-tallied-as-grace',
    sentence: 'It tallies requests of licensed machines with those in their grace period.',
    requirements: ['OBS-02'],
    override: ({ observed }) => ({
      observed: (right) => {
        const { licensedRequests = 0, oobGraceRequests = 0, ...others } = observed(right);
        return { ...others, licensedRequests: 0, oobGraceRequests: oobGraceRequests + licensedRequests };
      },
    }),
  }),
  fault({
    name: 'renewals-not-in-total',
    sentence: 'Its total of requests leaves out those of licensed machines.',
    requirements: ['OBS-02'],
    override: ({ observed }) => ({
      observed: (right) => {
        const counters = observed(right);
        const { totalRequests = 0, licensedRequests = 0 } = counters;
        return { ...counters, totalRequests: totalRequests - licensedRequests };
      },
    }),
  }),
  fault({
    name: 'granted-tallied-as-failed',
    sentence: 'It tallies every request as failed.',
    requirements: ['OBS-02'],
    override: ({ observed }) => ({
      observed: (right) => {
        const counters = observed(right);
        return { ...counters, failedRequests: counters.totalRequests ?? 0 };
      },
    }),
  }),
  fault({
    name: 'requires-other-threshold',
    sentence: 'It says that it requires 25 machines where it serves servers, which need 5, and else 5.',
    requirements: ['OBS-03'],
    override: ({ observed }) => ({
      observed: (right) => {
        const counters = observed(right);
        const isServers = counters.requiredClientCount === SERVER_THRESHOLD;
        return { ...counters, requiredClientCount: isServers ? CLIENT_THRESHOLD : SERVER_THRESHOLD };
      },
    }),
  }),
] as const;
