/** The counter of requests with each licence status, by the number that a request carries it as (Operations Guide, appendix 1). */
export const STATUS_COUNTERS = [
  'unlicensedRequests',
  'licensedRequests',
  'oobGraceRequests',
  'ootGraceRequests',
  'nonGenuineGraceRequests',
  'notificationRequests',
] as const;

/** The names of a host's own counters, in the order of the vendor's SoftwareLicensingService, which has each as KeyManagementService…. */
export const COUNTERS = [
  'currentCount',
  'requiredClientCount',
  'totalRequests',
  'failedRequests',
  ...STATUS_COUNTERS,
] as const;

export type CounterName = (typeof COUNTERS)[number];

/** What a host says of itself beside the wire; any counter may be absent. Requests are counted since the service was installed. */
export type HostCounters = Readonly<Partial<Record<CounterName, number>>>;

/** What a host that is no KMS host has in place of each counter. */
export const NOT_COUNTED = 0xffff_ffff;
