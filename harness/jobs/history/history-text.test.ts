import { expect } from 'chai';
import fc from 'fast-check';
import type { HistoryEvent } from '../../model/history/history';
import { parseHistory } from './history-file';
import { HistoryText } from './history-text';

const startMs = fc.integer({ min: 0, max: 1e9 });
const lastsMs = fc.integer({ min: 0, max: 1e6 });

const anyRequest = fc.record({
  kind: fc.constant('request' as const),
  startMs,
  applicationId: fc.string({ minLength: 1 }),
  clientMachineId: fc.string({ minLength: 1 }),
  requiredClientCount: fc.nat(1000),
  isVirtualMachine: fc.boolean(),
});
const answered = fc
  .tuple(anyRequest, lastsMs, fc.nat(60))
  .map(([event, ms, count]) => ({ ...event, endMs: event.startMs + ms, count }));
const unanswered = anyRequest.map((event) => ({ ...event, endMs: Infinity, count: null }));
const control = fc
  .tuple(
    startMs,
    lastsMs,
    fc.constantFrom('reset' as const, 'restart' as const, 'advance' as const),
    fc.nat(1e6),
  )
  .map(([from, ms, what, seconds]) => ({
    kind: 'control' as const,
    startMs: from,
    endMs: from + ms,
    control: what,
    advanceMs: what === 'advance' ? 1000 * seconds : 0,
  }));

describe('the text of a history', () => {
  it('is read as what was written', () => {
    const events = fc.array(fc.oneof(answered, unanswered, control), { maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom('empty' as const, 'found' as const), events, (start, written) => {
        const text = new HistoryText(start);
        const pieces = [...written.map((event: HistoryEvent) => text.next(event)), text.end()];
        expect(parseHistory(pieces.join(''), 'h.json')).to.deep.equal({ start, events: written });
      }),
    );
  });
});
