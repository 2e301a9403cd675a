import { expect } from 'chai';
import fc from 'fast-check';
import { CountingModel } from '../counting-model';
import { DEFAULT_PROFILE } from '../profile';
import type { HistoryRequest, HistoryStart } from './history';
import { checkHistory } from './history-checker';

const DAY_MS = 86_400_000;

/** `who N_Policy start end count`, in units of time. */
type Row = readonly [who: string, policy: number, start: number, end: number, count: number];

const requestOf = (
  [clientMachineId, requiredClientCount, start, end, count]: Row,
  unitMs: number,
): HistoryRequest => ({
  ...{ kind: 'request', applicationId: 'windows', isVirtualMachine: false },
  ...{ clientMachineId, requiredClientCount, count, startMs: start * unitMs, endMs: end * unitMs },
});

const failures = (rows: readonly Row[], unitMs: number, start: HistoryStart) =>
  checkHistory(
    rows.map((row) => requestOf(row, unitMs)),
    { start },
  ).failures.map(({ request, possible }) => [request.clientMachineId, request.count, possible]);

/** Requests of a conforming host, each taken at some moment between its start and its end, in tenths of a unit. */
const taken = (unitMs: number, span: number) =>
  fc
    .record({
      who: fc.constantFrom(...'abcde'),
      policy: fc.constantFrom(1, 1, 2, 3),
      start: fc.nat(span),
      lasts: fc.nat(12),
      at: fc.nat(1000),
    })
    .map(({ who, policy, start, lasts, at }) => ({
      ...{ clientMachineId: who, requiredClientCount: policy },
      ...{ applicationId: 'windows', isVirtualMachine: false },
      ...{ startMs: start * unitMs, endMs: (start + lasts) * unitMs },
      atMs: (start + (lasts * at) / 1000) * unitMs,
    }));

type Taken = ReturnType<typeof taken> extends fc.Arbitrary<infer T> ? T : never;

function answered(requests: readonly Taken[], model: CountingModel): HistoryRequest[] {
  return [...requests]
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, ...request }) => ({ ...request, kind: 'request', count: model.grant(request, atMs) }));
}

describe('a history in which records grow old', () => {
  const requests = (unitMs: number, span: number) =>
    fc.array(taken(unitMs, span), { minLength: 2, maxLength: 8, size: 'max' });

  it('is never refused where a conforming host answered it over months', () => {
    fc.assert(
      fc.property(requests(DAY_MS, 80), (all) => {
        const history = answered(all, new CountingModel(DEFAULT_PROFILE));
        expect(checkHistory(history).failures).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is never refused where a conforming host was found with records that expire among the requests', () => {
    const before = fc.array(
      fc.record({ who: fc.constantFrom(...'abcxyz'), expiresAt: fc.integer({ min: -5, max: 25 }) }),
      {
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(before, requests(1, 12), (records, all) => {
        const model = new CountingModel(DEFAULT_PROFILE);
        for (const { who, expiresAt } of [...records].sort((a, b) => a.expiresAt - b.expiresAt)) {
          const found = { clientMachineId: who, requiredClientCount: 2 };
          model.grant(
            { ...found, applicationId: 'windows', isVirtualMachine: false },
            expiresAt - 30 * DAY_MS,
          );
        }
        expect(checkHistory(answered(all, model), { start: 'found' }).failures).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it('has an order by what expires between two answers that overlap', () => {
    // b; then a, of which another record makes room for its own; that record expires; then a again.
    const found: Row[] = [
      ['a', 3, 4, 6, 4],
      ['b', 1, 3, 9, 3],
      ['a', 3, 0, 6, 3],
      ['b', 1, 2, 3, 3],
    ];
    expect(failures(found, 1, 'found')).to.deep.equal([]);
    // A full cache is full no more where nobody asked for a month.
    const full: Row[] = [
      ['a', 1, 11, 23, 1],
      ['c', 1, 40, 41, 2],
      ['a', 1, 39, 49, 2],
      ['b', 1, 71, 80, 2],
      ['c', 1, 77, 79, 1],
    ];
    expect(failures(full, DAY_MS, 'empty')).to.deep.equal([]);
    // c may be counted anew once its record is gone, though it was there when the request began.
    const anew: Row[] = [
      ['c', 2, 18, 19, 1],
      ['b', 1, 18, 24, 2],
      ['a', 2, 33, 37, 3],
      ['b', 0, 37, 39, 3],
      ['c', 3, 43, 49, 3],
      ['b', 3, 47, 49, 2],
    ];
    expect(failures(anew, DAY_MS, 'empty')).to.deep.equal([]);
  });

  it('is refused all the same where no order gives its counts, and says which would have been possible', () => {
    const found: Row[] = [
      ['a', 1, 0, 6, 5],
      ['c', 1, 0, 4, 3],
      ['d', 1, 2, 3, 6],
      ['e', 1, 1, 1, 5],
      ['e', 1, 1, 10, 7],
    ];
    expect(failures(found, 1, 'found')).to.have.length(1);
    expect(
      failures(
        [
          ['a', 1, 1, 1, 1],
          ['b', 1, 40, 40, 2],
        ],
        DAY_MS,
        'empty',
      ),
    ).to.deep.equal([['b', 2, [1]]]);
  });
});
