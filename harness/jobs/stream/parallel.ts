import { type Answer, product } from '../../../protocol';
import { describeAnswer } from '../../../protocol/describe-answer';
import { countOf } from '../../client/host-client';
import { describeRequest, type StreamRequest } from './generate';
import type { OrderedCounts } from './ordered-counts';
import type { StreamPoint } from './stream-event';

/** The points of requests that were under way at the same time, one or more, by all that was answered before. */
export async function overlappingPoints(
  requests: readonly StreamRequest[],
  answers: readonly Answer[],
  counts: OrderedCounts,
  firstIndex: number,
  signal?: AbortSignal,
): Promise<StreamPoint[]> {
  const answered = answers.map(countOf);
  const possible = await counts.together(
    requests.map(({ machine }) => machine),
    answered,
    signal,
  );
  return requests.map((request, i): StreamPoint => {
    const { machine } = request;
    const [count, right] = [answered[i]!, possible[i]!];
    if (count !== null) machine.licensed = count >= product(machine.type.product).requiredClientCount;
    const note = count === null ? describeAnswer(answers[i]!) : null;
    return {
      index: firstIndex + i,
      request,
      answered: count,
      expected: right === null ? count : (right[0] ?? null),
      capacity: counts.capacity(machine),
      note,
      difference: differenceOf(request, count, note, right, requests.length),
      onTheEdge: false,
    };
  });
}

function differenceOf(
  request: StreamRequest,
  count: number | null,
  note: string | null,
  possible: readonly number[] | null,
  together: number,
): string | null {
  if (count === null) return `${describeRequest(request)} was answered with no count: ${note}`;
  if (possible === null) return null;
  const right = possible.length === 0 ? 'no count' : possible.join(' or ');
  const overlapping = together === 1 ? '' : `, one of ${together} at the same time,`;
  return `${describeRequest(request)}${overlapping} received ${count}: by all that was answered before, ${right} would have been possible`;
}
