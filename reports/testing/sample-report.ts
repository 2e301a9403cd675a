import { build } from 'hdr-histogram-js';
import { latencySeries } from '../latency';
import {
  LEVELS,
  OUTCOMES,
  summarise,
  type Evidence,
  type Report,
  type Result,
  type TrajectoryPoint,
} from '../model';
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

/** The mixed growth of the recorded capture, answered by a host that stops at 49. */
export function growthPoints(): TrajectoryPoint[] {
  const point = (index: number, sent: string, expected: number): TrajectoryPoint => ({
    index,
    sent,
    recorded: expected,
    answered: Math.min(expected, 49),
    expected,
    capacity: index < 15 ? 10 : 50,
  });
  return [
    ...Array.from({ length: 15 }, (_, index) => point(index, `server ${index + 1}`, Math.min(10, index + 1))),
    ...Array.from({ length: 45 }, (_, index) =>
      point(15 + index, `client ${index + 1}`, Math.min(50, 11 + index)),
    ),
    ...Array.from({ length: 5 }, (_, index) => point(60 + index, `server ${16 + index}`, 50)),
  ];
}

/** Two series of latencies: a host that stood still for 1.4 s, with and without correction. */
export function stalledLatency(): NonNullable<Report['latency']> {
  const corrected = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
  const actual = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
  for (let index = 0; index < 30_000; index += 1) {
    const normal = 400 + ((index * 7919) % 1000);
    actual.recordValue(index === 15_000 ? 1_400_000 : normal);
    corrected.recordValue(index >= 15_000 && index < 16_400 ? 1_400_000 - (index - 15_000) * 1000 : normal);
  }
  return {
    series: [
      latencySeries(corrected, { name: 'from the intended start', corrected: true, unit: 'us' }),
      latencySeries(actual, { name: 'from the actual start', corrected: false, unit: 'us' }),
    ],
    durationMs: 30_000,
    askedPerSecond: 1000,
    achievedPerSecond: 999.6,
    connections: null,
    requests: 30_000,
    failures: [{ class: 'timed out', count: 2 }],
    budgets: [
      { name: 'p99Ms', limit: 50, measured: 1176.5, held: false },
      { name: 'rate', limit: 990, measured: 999.6, held: true },
    ],
    warnings: ['the ephemeral ports were nearly used up'],
  };
}

/** A report with every outcome and every section. */
export function fullReport(): Report {
  const results = resultsOfEveryOutcome();
  return reportOf(results, {
    trajectory: {
      requests: 65,
      thresholds: [5, 25],
      capacity: 50,
      points: growthPoints(),
      firstDifference: {
        index: 54,
        message: 'answered 49, expected 50: the host stops one short of its capacity',
      },
    },
    latency: stalledLatency(),
    coverage: {
      cases: 20_000,
      casesPerSecond: 2741,
      workers: 2,
      rows: ['majorVersion', 'requiredClientCount', 'workstationName'].flatMap((name) =>
        ['valid', 'boundary', 'hostile'].map((kind, index) => ({
          field: `kms.request.${name}`,
          kind,
          reactions:
            name === 'workstationName' && kind === 'hostile'
              ? { answered: 0, hresult: 0, fault: 0, closed: 0, reset: 0, timeout: 0 }
              : {
                  answered: 900 - index * 300,
                  hresult: index * 12,
                  fault: index * 240,
                  closed: index,
                  reset: 0,
                  timeout: 0,
                },
        })),
      ),
    },
    findings: [
      {
        id: 'count-3f2a',
        oracle: 'count',
        title: 'a request with requiredClientCount 2^32-1 is counted twice',
        message: 'expected 2, answered 3 after 2 requests',
        state: 'new',
        seed: 42,
        path: '12:0:3',
        requests: 2,
        shrunkFrom: 38,
        cases: 17,
        folder: 'kmsspec-findings/count-3f2a',
        repeat: 'kmsspec fuzz --replay count-3f2a',
        expected: 'count 2',
        received: 'count 3',
        evidence: EXCHANGE,
      },
    ],
    fleet: sampleFleet(),
    discovery: {
      domains: [
        {
          domain: 'corp.example',
          hosts: [
            {
              name: 'kms01.corp.example',
              port: 1688,
              priority: 0,
              weight: 0,
              addresses: ['10.0.0.1'],
              verdicts: ['right'],
              count: 50,
            },
            {
              name: 'old-pc.corp.example',
              port: 1688,
              priority: 0,
              weight: 0,
              addresses: ['10.0.0.99'],
              verdicts: ['rogue'],
              message: 'answers, but is not expected, and stays at 3',
              count: 3,
            },
          ],
          warnings: ['two hosts share the first priority'],
        },
      ],
    },
    replay: {
      capture: 'captures/corpus/v4-mixed-growth.pcap',
      mode: 'messages',
      exchanges: [
        {
          index: 0,
          sent: 'server 1',
          verdict: 'agrees',
          equal: ['kms.response.currentClientCount', 'kms.response.clientMachineId'],
          mayDiffer: [
            {
              path: 'kms.response.ePid',
              recorded: '55041-…',
              answered: '05426-…',
              reason: 'each host has its own',
            },
          ],
          mustNotDiffer: [],
        },
        {
          index: 54,
          sent: 'client 40',
          verdict: 'differs',
          equal: ['kms.response.clientMachineId'],
          mayDiffer: [],
          mustNotDiffer: [
            {
              path: 'kms.response.currentClientCount',
              recorded: '50',
              answered: '49',
              reason: 'a fresh host counts alike',
            },
          ],
          evidence: EXCHANGE,
        },
        {
          index: 55,
          sent: 'v6 request',
          verdict: 'not-comparable',
          equal: [],
          mayDiffer: [],
          mustNotDiffer: [],
          note: 'sealed',
        },
      ],
    },
  });
}

function sampleFleet(): NonNullable<Report['fleet']> {
  const states = ['not yet there', 'grace', 'activated', 'expired'];
  const samples = Array.from({ length: 181 }, (_, day) => {
    const arrived = Math.min(500, day * 10);
    const activated = day < 3 ? 0 : Math.max(0, arrived - 6);
    return {
      hour: day * 24,
      machines: [500 - arrived, arrived - activated, activated, 0],
      requests: arrived * 2,
      answered: Math.min(50, arrived),
      expected: Math.min(50, arrived),
    };
  });
  return {
    clients: 500,
    days: 180,
    hosts: ['127.0.0.1:1688'],
    states,
    samples,
    activated: 494,
    neverActivated: 6,
    firstActivationHour: 61.5,
    lastActivationHour: 1202.1,
    machines: [{ name: 'client 1', kind: 'client', firstAskedHour: 0.4, activatedHour: 62 }],
    notShown: ['machines that are away for more than 180 days'],
  };
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
