import type { ProductKey } from '../../../protocol';
import type { Endpoint } from '../../client';
import type { Stretch } from './schedule';

/** A load, as plain data: worker threads get a copy. */
export interface LoadPlan {
  readonly endpoint: Endpoint;
  /** Requests a second: one number, or from one to another over the measured part; null for as fast as the connections go. */
  readonly rate: { readonly from: number; readonly to: number } | null;
  readonly durationMs: number;
  /** Goes before the measured part, at its first rate. */
  readonly warmupMs: number;
  /** Goes before the warm-up: the rate rises from nothing. */
  readonly rampMs: number;
  /** One connection a request, as clients do, or a number of connections that are kept. */
  readonly mode: 'each' | 'kept';
  /** Kept connections; with one each, how many may be open at a time. */
  readonly connections: number;
  readonly timeoutMs: number;
  readonly seed: number;
  readonly product: ProductKey;
  /** Different machines, which ask in turn. */
  readonly machines: number;
  /** The host held nothing at the start, so that counts have an upper bound. */
  readonly fresh: boolean;
  /** Source addresses, used in turn. */
  readonly sources: readonly string[];
  readonly closeWith: 'fin' | 'reset';
  readonly macKey: Uint8Array | null;
}

/** What a load is unless told otherwise, but for its endpoint. */
export const USUAL_LOAD: Omit<LoadPlan, 'endpoint'> = {
  rate: { from: 100, to: 100 },
  durationMs: 10_000,
  warmupMs: 0,
  rampMs: 0,
  mode: 'each',
  connections: 256,
  timeoutMs: 15_000,
  seed: 0,
  product: 'win7',
  machines: 1000,
  fresh: false,
  sources: [],
  closeWith: 'fin',
  macKey: null,
};

/** Milliseconds from the start at which what is measured begins. */
export const measuredFromMs = ({ rampMs, warmupMs }: LoadPlan): number => rampMs + warmupMs;

/** Milliseconds from the start at which the last request begins, at the latest. */
export const endsAtMs = (plan: LoadPlan): number => measuredFromMs(plan) + plan.durationMs;

/** The stretches of an open loop. */
export function stretchesOf(plan: LoadPlan & { readonly rate: NonNullable<LoadPlan['rate']> }): Stretch[] {
  const { from, to } = plan.rate;
  return [
    { seconds: plan.rampMs / 1000, fromRate: 0, toRate: from },
    { seconds: plan.warmupMs / 1000, fromRate: from, toRate: from },
    { seconds: plan.durationMs / 1000, fromRate: from, toRate: to },
  ].filter(({ seconds }) => seconds > 0);
}
