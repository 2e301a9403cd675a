import { expect } from 'chai';
import { SaxesParser } from 'saxes';
import { runHistory } from '../results/run-history';
import { runOf } from '../testing/sample-history';
import { resultOf } from '../testing/sample-report';
import { matrixSite } from './site';

type Parts = Parameters<typeof runHistory>[0];

const siteOf = (parts: Parts): Map<string, string> =>
  new Map([...matrixSite(runHistory(parts))].map(({ name, text }) => [name, text]));

describe('the badge of a matrix', () => {
  const badgeOf = (parts: Parts): Record<string, unknown> =>
    JSON.parse(siteOf(parts).get('badge.json')!) as Record<string, unknown>;

  it('says in the form of shields how many passed, and colours what did not', () => {
    const passed = runOf(1, [
      resultOf('CNT-01'),
      resultOf('CNT-02', { outcome: 'untestable', reason: 'no' }),
    ]);
    const failed = runOf(2, [resultOf('CNT-01', { outcome: 'failed', message: 'no' })]);
    const none = runOf(3, [resultOf('CNT-01', { outcome: 'untestable', reason: 'no' })]);
    const other = runOf(4, [resultOf('CNT-01')], { address: '10.0.0.2:1688' });
    const label = { schemaVersion: 1, label: 'KMS conformance' };
    for (const [parts, message, color] of [
      [[passed], '1 of 2 passed', 'brightgreen'],
      [[passed, failed], 'failed, 0 of 1 passed', 'red'],
      [[failed, none], 'nothing conclusive', 'orange'],
      [[failed, other], '1 of 2 hosts passed', 'red'],
      [[none, other], '1 of 2 hosts passed', 'orange'],
    ] as const) {
      expect(badgeOf(parts)).to.deep.equal({ ...label, message, color });
    }
  });

  it('is a drawing that is XML and says the same', () => {
    const svg = siteOf([runOf(1, [resultOf('CNT-01')])]).get('badge.svg')!;
    const texts: string[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('text', (text) => texts.push(text.trim()));
    parser.write(svg).close();
    expect(texts.filter((text) => text !== '')).to.deep.equal([
      'KMS conformance: 1 of 1 passed',
      'KMS conformance',
      '1 of 1 passed',
    ]);
  });
});
