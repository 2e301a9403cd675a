import type { Exchange, KeyGroupSetting } from '../../../protocol';
import type { Profile } from '../../model/profile';
import { ConnectionCounts } from './connection-counts';
import { FreshnessEvidence } from './expectation';

/** Exchanges in the order of their requests; they are read more than once, from the first each time. */
export type ExchangeSource = Iterable<Exchange> | AsyncIterable<Exchange>;

/** What is to be known of a recording before the first of it is sent. */
export interface Survey {
  /** How many exchanges it holds. */
  readonly asked: number;
  readonly onConnection: ConnectionCounts;
  /** See `beganFresh`. */
  readonly beganFresh: boolean;
}

/** @throws what reading throws */
export async function surveyOf(
  exchanges: ExchangeSource,
  profile: Profile,
  keyGroup: KeyGroupSetting,
  signal?: AbortSignal,
): Promise<Survey> {
  const onConnection = new ConnectionCounts();
  const freshness = new FreshnessEvidence(profile, keyGroup);
  let asked = 0;
  for await (const exchange of exchanges) {
    if (signal?.aborted === true) break;
    asked++;
    onConnection.add(exchange.connection);
    freshness.take(exchange);
  }
  return { asked, onConnection, beganFresh: freshness.isFresh };
}
