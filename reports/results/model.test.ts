import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { expect } from 'chai';
import { writeJson } from '../formats/json';
import { OUTCOMES, parseReport, ReportError, reportJsonSchema, summarise, type Report } from './model';
import { ACTING_CHARACTER, HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { fullReport } from '../testing/full-report';
import { manyResults } from '../testing/sample-report';

function refusal(json: unknown): ReportError {
  try {
    parseReport(json, 'run.json');
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

/** A deep copy with one change. */
function changed(change: (report: Record<string, never>) => void): unknown {
  const copy = JSON.parse(JSON.stringify(fullReport())) as Record<string, never>;
  change(copy);
  return copy;
}

describe('the result model', () => {
  it('ships the JSON Schema that the code gives', () => {
    expect(
      JSON.parse(readFileSync(join(__dirname, '../schema/kmsspec.report.1.json'), 'utf8')),
    ).to.deep.equal(reportJsonSchema());
  });

  it('parses back every outcome and every section to the same report', () => {
    const report = fullReport();
    expect(new Set(report.results.map(({ outcome }) => outcome))).to.deep.equal(new Set(OUTCOMES));
    expect(parseReport(writeJson(report))).to.deep.equal(report);
  });

  it('writes what a validator holds to be of the published schema, hostile text included', () => {
    const validate = new Ajv2020({ strict: true }).compile(reportJsonSchema());
    for (const report of [fullReport(), manyResults(50), ...HOSTILE_TEXTS.map(hostileReport)]) {
      expect(validate(JSON.parse(writeJson(report))), JSON.stringify(validate.errors)).to.equal(true);
    }
  });

  it('writes hostile text so that it neither acts nor is lost', () => {
    for (const report of HOSTILE_TEXTS.map(hostileReport)) {
      expect(writeJson(report)).not.to.match(ACTING_CHARACTER);
      expect(parseReport(writeJson(report))).to.deep.equal(report);
    }
  });

  it('the published schema refuses what the code refuses', () => {
    const validate = new Ajv2020({ strict: true }).compile(reportJsonSchema());
    const bad = [
      changed((report) => delete (report as Partial<Report>).run),
      changed((report) => ((report as unknown as Report).results[0]!.outcome = 'fine' as never)),
      changed((report) => ((report as unknown as Report).results[1]!.evidence![0]!.hex = '0g')),
      changed((report) => ((report as unknown as Report).results[0]!.durationMs = -1)),
      changed((report) => ((report as unknown as Report).run.shard = { index: 0, of: 2 })),
    ];
    for (const json of bad) {
      expect(validate(json)).to.equal(false);
      expect(refusal(json).code).to.equal('bad-field');
    }
  });

  it('says what is wrong, where, and what to do', () => {
    const error = refusal(
      changed((report) => ((report as unknown as Report).results[3]!.outcome = 'fine' as never)),
    );
    expect(error.path).to.equal('results[3].outcome');
    expect(error.message).to.match(/^run\.json, results\[3\]\.outcome: .*; compare it with/);
  });

  it('tells what is no report from a report of another version', () => {
    expect(refusal('{').code).to.equal('not-json');
    for (const json of [
      'null',
      '[]',
      '{}',
      '"kmsspec.report/1"',
      '{"schema":"kmsspec.exchanges/1"}',
      '{"schema":7}',
    ]) {
      expect(refusal(json).code, json).to.equal('not-a-report');
    }
    expect(refusal({ schema: 'kmsspec.report/2' }).code).to.equal('unsupported-version');
  });

  it('refuses a summary that the results do not bear out', () => {
    const error = refusal(changed((report) => ((report as unknown as Report).summary.failed = 0)));
    expect([error.code, error.path, error.problem]).to.deep.equal([
      'inconsistent',
      'summary.failed',
      'says 0, the results hold 2',
    ]);
  });

  it('reads reports that carry fields of a later time', () => {
    const json = changed((report) => Object.assign(report, { later: { anything: true } }));
    expect(parseReport(json).results).to.have.length(fullReport().results.length);
  });

  it('counts each outcome once', () => {
    expect(summarise(OUTCOMES.map((outcome) => ({ outcome })))).to.deep.equal({
      passed: 1,
      failed: 1,
      inconclusive: 1,
      untestable: 1,
      expectedFailure: 1,
      unexpectedPass: 1,
      excluded: 1,
      notRun: 1,
    });
  });
});
