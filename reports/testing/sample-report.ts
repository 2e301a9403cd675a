import { LEVELS, OUTCOMES, summarise, type Evidence, type Report, type Result } from '../results/model';
import { RECORDED_REQUEST, RECORDED_RESPONSE } from './recorded';

/** The exchange of a recording; the count is what the message is about. */
export const EXCHANGE: Evidence[] = [
  {
    direction: 'sent',
    pdu: 'request',
    hex: RECORDED_REQUEST,
    connection: 0,
    at: '2026-11-21T07:16:54.000000000Z',
  },
  {
    direction: 'received',
    pdu: 'response',
    hex: RECORDED_RESPONSE,
    connection: 0,
    fields: [
      {
        path: 'kms.response.ePid',
        offset: 44,
        length: 98,
        value: '"55041-00206-569-669149-03-1033-7601.0000-1762024"',
      },
      {
        path: 'kms.response.currentClientCount',
        offset: 166,
        length: 4,
        value: '1',
        title: 'Machines that the host counts',
        marked: true,
      },
    ],
  },
];

/** A report of results alone, or with sections. */
export function reportOf(results: Result[], sections: Partial<Report> = {}): Report {
  return {
    schema: 'kmsspec.report/1',
    tool: { name: 'kmsspec', version: '0.1.0' },
    run: {
      startedAt: '2026-11-21T08:00:00.000Z',
      durationMs: 12_345,
      seed: 42,
      shard: null,
      command: 'kmsspec run --seed 42',
      verb: 'run',
    },
    target: {
      address: '127.0.0.1:1688',
      embedded: false,
      profile: 'win7-2008r2',
      controls: ['reset', 'clock'],
    },
    summary: summarise(results),
    results,
    ...sections,
  };
}

export function resultOf(id: string, change: Partial<Result> = {}): Result {
  return {
    id,
    level: 'MUST',
    suite: id.split('-')[0]!,
    title: 'answers the first client with 1',
    source: 'UK 2.2',
    outcome: 'passed',
    durationMs: 3.25,
    repeat: `kmsspec run ${id} --seed 42`,
    ...change,
  };
}

/** Every outcome, with what the runner says beside it. */
export function resultsOfEveryOutcome(): Result[] {
  return [
    resultOf('CNT-01'),
    resultOf('CNT-07', {
      outcome: 'failed',
      title: 'counts client and server operating systems together: 3 clients, then a server receives 4',
      source: 'UK 2.2, EN',
      message: 'expected the server to receive 4, it received 1',
      expected: 'count 4',
      received: 'count 1',
      evidence: EXCHANGE,
      notes: ['the host answered on the same connection'],
    }),
    resultOf('RPC-04', {
      level: 'SHOULD',
      outcome: 'failed',
      title: 'offered NDR32 and NDR64 accepts exactly one of them',
      source: 'MS-RPCE 3.3.1.5.6',
      message: 'expected one accepted context, both were',
      flaky: true,
      attempts: [
        { outcome: 'failed', message: 'expected one accepted context, both were', durationMs: 2 },
        { outcome: 'passed', durationMs: 2 },
      ],
    }),
    resultOf('CACHE-12', {
      level: 'SHOULD',
      outcome: 'unexpected-pass',
      title: 'starts from zero after a restart, as the profile says',
      reason: 'keeps its table on disk',
      ticket: 'KMS-12',
      expires: '2027-01-31',
      baseline: 'fixed',
    }),
    resultOf('CACHE-03', { outcome: 'not-run', reason: 'the host died at CACHE-02' }),
    resultOf('CNT-12', { outcome: 'inconclusive', reason: 'the count moved without us' }),
    resultOf('CACHE-07', { outcome: 'untestable', reason: 'the target has no control for its clock' }),
    resultOf('CACHE-08', { outcome: 'untestable', reason: 'the target has no control for its clock' }),
    resultOf('MSG-09', {
      level: 'OBSERVED',
      outcome: 'expected-failure',
      message: 'another ePID after 2 requests',
      reason: 'rotates its ePID',
      ticket: 'KMS-7',
      baseline: 'as-known',
    }),
    resultOf('CNT-14', { level: 'OBSERVED', outcome: 'excluded', reason: 'Office is not licensed here' }),
    resultOf('ROB-01', {
      level: 'DESIGN',
      suite: 'ROB',
      title: 'random bytes; HTTP and TLS greetings',
      source: 'HM',
    }),
  ];
}

/** A run of many results: outcomes and levels in turn, failures with their exchange. */
export function manyResults(count: number): Report {
  const results = Array.from({ length: count }, (_, index) => {
    const outcome = index % 20 === 0 ? OUTCOMES[(index / 20) % OUTCOMES.length]! : 'passed';
    return resultOf(`S${index % 40}-${index}`, {
      outcome,
      level: LEVELS[index % LEVELS.length]!,
      title: `requirement number ${index} of a run that is far greater than any that people read from end to end`,
      ...(outcome === 'passed' ? {} : { message: `expected ${index}, it received 1`, reason: 'one of many' }),
      ...(outcome === 'failed' ? { evidence: EXCHANGE } : {}),
    });
  });
  return reportOf(results);
}
