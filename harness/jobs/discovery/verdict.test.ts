import { expect } from 'chai';
import type { DiscoveryVerdict } from '../../../reports/results/model';
import type { JudgedDomain } from './judge';
import { discoveryOutcome, type OutcomeOptions } from './verdict';

type DomainVerdict = NonNullable<JudgedDomain['verdict']>;

const domain = (hosts: readonly DiscoveryVerdict[][], more: Partial<JudgedDomain> = {}): JudgedDomain => ({
  domain: 'corp.example',
  verdict: 'published',
  hosts: hosts.map((verdicts, i) => ({
    ...{ name: `kms${i}.corp.example`, port: 1688, priority: 0, weight: 0, addresses: [], verdicts },
  })),
  ...more,
});
const options: OutcomeOptions = { looksOnly: false, failOn: ['MUST', 'DESIGN'] };
const judge = (domains: readonly JudgedDomain[], more: Partial<OutcomeOptions> = {}) =>
  discoveryOutcome(domains, { ...options, ...more });

/** The exit code that a report with this outcome has. */
function codeOf(domains: readonly JudgedDomain[], more: Partial<OutcomeOptions> = {}): number {
  const { outcome, level, unreachable } = judge(domains, more);
  if (unreachable) return 3;
  if (outcome === 'inconclusive') return 4;
  return outcome === 'failed' && (more.failOn ?? options.failOn).includes(level) ? 1 : 0;
}

describe('what verdicts come to', () => {
  const codes: [DiscoveryVerdict[][], number][] = [
    [[['right']], 0],
    [[['right'], ['right', 'low-priority']], 0],
    [[['right'], ['rogue']], 1],
    [[['right'], ['unreachable']], 1],
    [[['right', 'unreachable']], 1],
    [[['right'], ['dangling']], 1],
    [[['right'], ['cannot-resolve']], 1],
    [[['right', 'cannot-resolve']], 1],
    [[['right'], ['refused']], 1],
    [[['right'], ['wrong-answer']], 1],
    [[['wrong-answer']], 1],
    [[['right', 'alias']], 1],
    [[['right', 'public-address']], 0],
    [[['right'], ['not-probed']], 4],
    [[['not-probed', 'public-address']], 4],
    [[['unreachable'], ['not-probed']], 1],
    [[['unreachable'], ['dangling'], ['cannot-resolve']], 3],
    [[['refused'], ['unreachable']], 1],
    [[['refused', 'unreachable']], 1],
  ];
  for (const [verdicts, code] of codes) {
    it(`${JSON.stringify(verdicts)} exits with ${code}`, () =>
      expect(codeOf([domain(verdicts)])).to.equal(code));
  }

  const ofDomains: [DomainVerdict, number][] = [
    ['not-published', 1],
    ['not-available', 1],
    ['cannot-resolve', 3],
  ];
  for (const [verdict, code] of ofDomains) {
    it(`a domain that is ${verdict} exits with ${code}`, () => {
      expect(codeOf([domain([], { verdict })])).to.equal(code);
      // Another domain, however well it is, mends nothing.
      expect(codeOf([domain([['right']]), domain([], { verdict })])).to.equal(code);
    });
  }

  it('a cut answer fails, though every host that it held is right', () => {
    expect(codeOf([domain([['right']], { verdict: 'cannot-resolve' })])).to.equal(1);
  });

  it('an expected host that is not published fails', () => {
    const outcome = judge([domain([['right']], { missing: ['kms02'] })]);
    expect(outcome).to.include({ outcome: 'failed', level: 'MUST' });
    expect(outcome.message).to.equal('kms02 is expected of corp.example, and not published');
  });

  it('a zone with one thing wrong more never comes off better', () => {
    const severity = [0, 4, 1, 3];
    const all: DiscoveryVerdict[][] = [
      ...(
        ['right', 'rogue', 'unreachable', 'dangling', 'cannot-resolve', 'refused', 'not-probed'] as const
      ).map((one) => [one]),
      ['right', 'alias'],
      ['right', 'public-address'],
      ['not-probed', 'public-address'],
    ];
    for (const failOn of [['MUST'], ['MUST', 'SHOULD']] as const) {
      for (const first of all) {
        // Beside a right host, and with something wrong added to the host itself.
        const before = severity.indexOf(codeOf([domain([['right']])], { failOn }));
        const beside = severity.indexOf(codeOf([domain([['right'], first])], { failOn }));
        expect(beside, `${first.join()} beside`).to.be.at.least(before);
        for (const more of ['alias', 'public-address'] as const) {
          const with_ = severity.indexOf(codeOf([domain([[...first, more]])], { failOn }));
          const without = severity.indexOf(codeOf([domain([first])], { failOn }));
          expect(with_, `${first.join()} and ${more}`).to.be.at.least(without);
        }
      }
    }
  });

  it('lets SHOULD decide where it is told to, and does not miss what was only looked at', () => {
    expect(codeOf([domain([['right', 'public-address']])], { failOn: ['MUST', 'SHOULD'] })).to.equal(1);
    expect(codeOf([domain([['not-probed', 'public-address']])], { failOn: ['MUST', 'SHOULD'] })).to.equal(1);
    expect(codeOf([domain([['not-probed']])], { looksOnly: true })).to.equal(0);
  });
});
