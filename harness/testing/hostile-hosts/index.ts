import { ANSWER_BEHAVIOURS } from './answers';
import type { HostBehaviour } from './behaviour';
import { BIND_BEHAVIOURS } from './bindings';
import { CONNECTION_BEHAVIOURS } from './connections';
import { MESSAGE_BEHAVIOURS } from './messages';

export { flood, header, type HostBehaviour, letsWait, silence } from './behaviour';

/** Every way to be a bad host that the harness is held against. */
export const HOSTILE_HOSTS: readonly HostBehaviour[] = [
  ...CONNECTION_BEHAVIOURS,
  ...BIND_BEHAVIOURS,
  ...ANSWER_BEHAVIOURS,
  ...MESSAGE_BEHAVIOURS,
];
