import type { Report } from '../results/model';
import { growthPoints, stalledLatency } from './sample-measures';
import { EXCHANGE, reportOf, resultsOfEveryOutcome } from './sample-report';

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
