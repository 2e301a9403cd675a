import type { IllZone } from './ill-zone';
import { ZONES_OF_FAILURES } from './zones-of-failures';
import { ZONES_OF_HOSTS } from './zones-of-hosts';
import { ZONES_OF_RECORDS } from './zones-of-records';

export type { HostRole, IllZone, Ports } from './ill-zone';

/** Domains that are ill in one way each, and some that are well. */
export const ILL_ZONES: readonly IllZone[] = [...ZONES_OF_HOSTS, ...ZONES_OF_RECORDS, ...ZONES_OF_FAILURES];
