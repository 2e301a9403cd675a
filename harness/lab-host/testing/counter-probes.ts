import { requestOf } from './lab';
import { ask, machines, type Probe } from './probe-tools';

/** LicenseStatus of a machine that is activated (Operations Guide, appendix 1). */
const LICENSED = 1;

/** What the host tells of itself beside the wire, behind new machines, renewals and licensed ones. */
export const COUNTER_PROBES: Readonly<Record<string, Probe>> = {
  counters: (lab) => {
    const licensed = [1, 2].map((machine) => requestOf(machine, 'win7', { licenseStatus: LICENSED }));
    ask(lab, [...machines(0, 4), ...licensed]);
    return [JSON.stringify(lab.attempt(() => lab.kms.observe()))];
  },
};
