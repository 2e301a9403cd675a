import { ask } from '../../harness/client/ask-once';
import type { Session } from '../../harness/jobs/suite/session';
import { isLoopbackAddress } from '../../harness/target';
import { dnsLookup, expectedOf, lookupTimeout, parseDomain } from '../../harness/target/discovery';
import { DomainSurvey } from './domain-survey';

const SURVEYS = new WeakMap<Session, DomainSurvey>();

/** The domains that a run's configuration names: one survey for all its scenarios. */
export function domainsOf(session: Session): DomainSurvey {
  let survey = SURVEYS.get(session);
  if (survey === undefined) {
    survey = surveyOf(session);
    SURVEYS.set(session, survey);
  }
  return survey;
}

function surveyOf(session: Session): DomainSurvey {
  const {
    target,
    domains = [],
    expectedHosts,
    probeClientMachineId,
    dns,
    allowRemote = false,
    timeoutMs,
    signal,
  } = session.options;
  return new DomainSurvey({
    domains: domains.map((domain) => parseDomain(domain, 'domains:')),
    expected: expectedOf(expectedHosts),
    lookup: dnsLookup({ server: dns, timeoutMs: lookupTimeout({ timeoutMs }) }),
    profile: target.profile,
    random: session.random('domains'),
    mayAsk: (address) => allowRemote || isLoopbackAddress(address),
    ask: (endpoint, clientMachineId = probeClientMachineId) =>
      ask({ endpoint, clientMachineId, clock: target.clock, timeoutMs, sign: target.mac, signal }),
  });
}
