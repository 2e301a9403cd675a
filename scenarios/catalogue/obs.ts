import { must, observed } from './entry';
import { WMI } from './sources';

/** The host's own counters, for a target with the control `observe`. */
export const OBS = [
  must('OBS-01', 'has a count of its own that equals the count it answered last', [
    WMI('KeyManagementServiceCurrentCount'),
  ]),
  observed(
    'OBS-02',
    'has counters of total, failed, and per licence status requests that rise by what was sent',
    [WMI('KeyManagementServiceTotalRequests, …FailedRequests, …LicensedRequests and the like')],
  ),
  must('OBS-03', 'has a required client count that is the smallest threshold it serves', [
    WMI('RequiredClientCount'),
  ]),
] as const;
