import type { ConnectionHooks } from './connection-hooks';
import type { RpcHooks } from './rpc-hooks';
import type { ServiceHooks } from './service-hooks';

/**
 * The points at which the lab host's behaviour can be overridden, one function each. A host without faults has
 * `CONFORMING_HOOKS`; each fault takes the place of those that it names, and may call what it replaced.
 */
export interface Hooks extends ServiceHooks, RpcHooks, ConnectionHooks {}
