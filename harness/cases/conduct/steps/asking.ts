import type { TransferSyntax } from '../../../../protocol';
import type { AskStep, FuzzCase } from '../../case';
import type { Heard } from '../case-connection';
import type { Bound } from '../case-connections';
import { type RenderedAsk, renderAsk } from '../render';
import { renderContextOf, type StepContext } from './step-runner';

/** A request of a case, and the connection that it goes over. */
export interface Asking {
  readonly on: number;
  readonly syntax: TransferSyntax;
  readonly tags: readonly string[];
  readonly fuzzCase: FuzzCase;
  readonly ask: AskStep;
  /** How long the host is waited for; as long as it is known to take, where left out. */
  readonly patienceMs?: number;
}

/** A request as it was sent last, and what came of it. */
export interface Asked {
  readonly asked: RenderedAsk;
  readonly heard: Heard;
  readonly tookMs: number;
}

/** The connection of a request, and its bytes for it; null, and judged, where the host gives no context. @throws HostFailure */
export async function ready(
  { on, syntax, tags, fuzzCase, ask }: Asking,
  stage: StepContext,
): Promise<(Bound & { readonly asked: RenderedAsk }) | null> {
  const bound = await stage.connections.bound(on, syntax, tags);
  if (bound === null) return null;
  const asked = renderAsk(fuzzCase, ask, bound.context, renderContextOf(stage));
  stage.tools.watch.remember(asked.request);
  return { ...bound, asked };
}

/**
 * Sends a request and hears what comes. A host may close behind any answer (understanding-kms 2.6 asks for no more than one exchange): a good
 * request that meets such an end was not refused, and goes out again on a new connection, as `KeptConnection` does. The host may have
 * counted it. @returns null, and judged, where the new connection got no context @throws HostFailure
 */
export async function askOn(
  { caseConnection, asked }: Bound & { readonly asked: RenderedAsk },
  asking: Asking,
  stage: StepContext,
): Promise<Asked | null> {
  const { answered } = caseConnection;
  const sentAt = performance.now();
  await caseConnection.send(asked.bytes, asking.ask.cuts);
  const heard = await caseConnection.hear(asking.patienceMs);
  const isEnd = heard.kind === 'closed' || heard.kind === 'reset';
  if (!isEnd || !answered || asked.expectation.granted === null)
    return { asked, heard, tookMs: performance.now() - sentAt };
  stage.judge.lost(asked.request);
  caseConnection.drop('fin');
  const anew = await ready(asking, stage);
  return anew === null ? null : askOn(anew, asking, stage);
}

/** The same, and has it judged. @returns false where there is nothing to judge it by: the new connection got no context */
export async function askAndJudge(
  bound: Bound & { readonly asked: RenderedAsk },
  asking: Asking,
  stage: StepContext,
): Promise<boolean> {
  const asked = await askOn(bound, asking, stage);
  if (asked === null) return false;
  stage.judge.judge(asked.asked, asked.heard, asking.tags);
  return true;
}
