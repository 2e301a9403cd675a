import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { formatFailure, formatHealth } from '.';
import { readExposition } from '../testing/exposition';
import {
  answered,
  down,
  failedLookup,
  hostOf,
  judge,
  record,
  targetOf,
  watched,
} from '../testing/made-health';

/** Debian's Python, for which python3-prometheus-client is installed; another one may come first in PATH. */
const PYTHON = '/usr/bin/python3';
const READ = `
import json, sys
try:
    from prometheus_client.parser import text_string_to_metric_families
except ImportError:
    sys.exit("prometheus_client is not installed: apt-get install -y python3-prometheus-client")
print(json.dumps([[s.name, s.labels, s.value, family.type, family.documentation]
    for family in text_string_to_metric_families(sys.stdin.read()) for s in family.samples]))
`;

type Row = [string, Record<string, string>, number, string, string];

const read = (text: string): Row[] =>
  JSON.parse(execFileSync(PYTHON, ['-c', READ], { input: text, encoding: 'utf8' })) as Row[];

describe('the Prometheus format, read by the client library of that project', () => {
  it('is read as it is meant', async () => {
    const evil = 'a"b\\c\nd';
    const texts = [
      judge([targetOf(answered(31))]),
      judge([targetOf(down, evil)]),
      judge(
        [hostOf('kms01.corp.example:1688', answered(31)), hostOf('kms02.corp.example:1688', down)],
        [await watched([record('kms01.corp.example', '10.0.0.1'), record('kms02.corp.example', '10.0.0.2')])],
      ),
      judge([], [await watched([], null, { kind: 'failed', failure: failedLookup })]),
    ].map((health) => formatHealth(health, 'prometheus'));
    for (const text of [
      ...texts,
      formatFailure('x', [{ domain: 'corp.example', host: evil }], 'prometheus')!,
    ]) {
      const rows = read(text);
      expect(rows.map(([name, labels, value]) => ({ name, labels, value }))).to.deep.equal(
        readExposition(text),
      );
      expect(rows.every(([, , , type, help]) => type === 'gauge' && help !== '')).to.equal(true);
    }
  });
});
