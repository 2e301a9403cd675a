import { HRESULT } from '../../../../protocol';
import { control, type CountedRequest, type CountingProfile, EMPTY_HOST, grant } from '../plain/host';
import type { VectorOf } from '../vector-file';

export type Step =
  | (CountedRequest & { readonly kind: 'request'; readonly atMs: number })
  | {
      readonly kind: 'reset' | 'restart';
      readonly atMs: number;
    };

const MOST = 1000;

/** The steps with what a conforming host answers to each. */
export function trace(steps: readonly Step[], profile: CountingProfile): VectorOf<'counting'>['steps'] {
  let host = EMPTY_HOST;
  return steps.map((step) => {
    if (step.kind !== 'request') {
      host = control(host, step.kind, profile);
      return { ...step };
    }
    if (step.requiredClientCount > MOST) return { ...step, answer: { hresult: HRESULT.invalidData } };
    const after = grant(host, step, step.atMs, profile);
    host = after.host;
    return { ...step, answer: { count: after.count } };
  });
}
