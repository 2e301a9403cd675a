import type { MachineType } from '../../model/machine-type';

/** A stream notation as it was read: see docs/streams.md for the grammar. `at` is the character where each part starts. */
export interface StreamProgram {
  readonly notation: string;
  readonly items: readonly Repeated[];
}

export interface Repeated {
  readonly node: StreamNode;
  /** Infinity for `*forever`. */
  readonly times: number;
  readonly at: number;
}

export type StreamNode =
  /** A machine that has not asked before. */
  | { readonly kind: 'machine'; readonly type: MachineType }
  /** One that has asked, and asks again in some way. */
  | { readonly kind: 'again'; readonly action: AgainAction; readonly selector: Selector }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'control'; readonly control: 'reset' | 'restart' }
  | { readonly kind: 'group'; readonly items: readonly Repeated[]; readonly shuffled: boolean }
  /** Requests that are sent at the same time. */
  | { readonly kind: 'parallel'; readonly items: readonly Repeated[] }
  /** One request drawn by chance. */
  | { readonly kind: 'mix'; readonly shares: MixShares };

/**
 * - renewal: the machine asks again, as activated machines do every week
 * - duplicate: it sends the very same request once more
 * - clone: another machine asks with its CMID, as a disk image that was never generalised does
 * - reimage: it gets a new CMID and names the old one as CMID_prev
 */
export type AgainAction = 'renewal' | 'duplicate' | 'clone' | 'reimage';

export interface Selector {
  /** `any`, `client`, `server`, `virtual` or a product's key. */
  readonly of: string;
  readonly pick: 'oldest' | 'newest' | 'random' | 'all';
}

/** Shares from 0 to 1: the first two of new machines, the others of all requests. */
export interface MixShares {
  readonly servers: number;
  readonly virtual: number;
  readonly renewals: number;
  readonly duplicates: number;
  readonly clones: number;
  readonly reimaged: number;
}

export const NO_SHARES: MixShares = {
  servers: 0,
  virtual: 0,
  renewals: 0,
  duplicates: 0,
  clones: 0,
  reimaged: 0,
};

/** Requests that a program sends; `renew(all)` counts as one, and Infinity stands for one without an end. */
export function streamLength(items: readonly Repeated[]): number {
  return items.reduce((sum, { node, times }) => sum + times * nodeLength(node), 0);
}

/** The same of one item, not repeated: 0 for what sends nothing. */
export function nodeLength(node: StreamNode): number {
  if (node.kind === 'group' || node.kind === 'parallel') return streamLength(node.items);
  return node.kind === 'wait' || node.kind === 'control' ? 0 : 1;
}

/** Whether a program never ends by itself. */
export function isUnbounded(program: StreamProgram): boolean {
  return program.items.some(({ times, node }) => times === Infinity || hasForever(node));
}

function hasForever(node: StreamNode): boolean {
  return (
    node.kind === 'group' &&
    node.items.some(({ times, node: inner }) => times === Infinity || hasForever(inner))
  );
}

/** Whether some requests of a program are sent at the same time. */
export const hasParallel = (items: readonly Repeated[]): boolean =>
  items.some(({ node }) => node.kind === 'parallel' || (node.kind === 'group' && hasParallel(node.items)));
