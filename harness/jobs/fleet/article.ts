import type { FleetGroup } from './plan';

/**
 * "Suppose you have an environment with 500 volume-licensed Vista systems and one KMS host on a shared production network"
 * (volume-activation-article): they appear one after the other within a day.
 */
export const ARTICLE_FLEET: readonly FleetGroup[] = [
  { name: 'client', product: 'vista', count: 500, arrivals: { overHours: 24 } },
];
