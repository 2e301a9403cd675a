import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { XmlDocument, XmlElement } from 'libxml2-wasm' with { 'resolution-mode': 'import' };
import { makeVisible } from '../escape/visible';
import { writeJUnit } from './junit';
import type { Report } from '../results/model';
import { ACTING_CHARACTER, HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { fullReport } from '../testing/full-report';
import { manyResults, reportOf, resultsOfEveryOutcome } from '../testing/sample-report';

/** An ES module that awaits at its top: it cannot be required. */
const load = () => import('libxml2-wasm');
let libxml: Awaited<ReturnType<typeof load>>;

before(async () => {
  libxml = await load();
});

/** Parses by libxml2, holds it against the schema, and hands the document over. */
function validated<T>(xml: string, use: (document: XmlDocument) => T): T {
  const schema = libxml.XmlDocument.fromString(readFileSync(join(__dirname, 'testing', 'junit.xsd'), 'utf8'));
  const validator = libxml.XsdValidator.fromDoc(schema);
  const document = libxml.XmlDocument.fromString(xml);
  try {
    validator.validate(document);
    return use(document);
  } finally {
    document.dispose();
    validator.dispose();
    schema.dispose();
  }
}

const elements = (document: XmlDocument, path: string): XmlElement[] => document.find(path) as XmlElement[];
const attribute = (element: XmlElement, name: string): string => element.attr(name)?.value ?? '';

/** Id and outcome of each test case of the requirements: `type` of the verdict, or passed. */
function outcomesIn(document: XmlDocument): [string, string][] {
  return elements(document, '//testcase').map((testcase) => {
    const verdict = testcase.get('failure|error|skipped') as XmlElement | null;
    return [
      attribute(testcase, 'name').split(' ')[0]!,
      verdict === null ? 'passed' : attribute(verdict, 'type'),
    ];
  });
}

describe('JUnit XML', () => {
  it('parses back to the same results, every outcome among them', () => {
    const results = resultsOfEveryOutcome();
    validated(writeJUnit(reportOf(results)), (document) => {
      const wanted = results.map(({ id, outcome }) => [id, outcome]);
      expect(outcomesIn(document)).to.have.deep.members(wanted);
      const failed = document.get('//testcase[starts-with(@name,"CNT-07")]/failure') as XmlElement;
      expect(attribute(failed, 'message')).to.equal('expected the server to receive 4, it received 1');
      expect(failed.content).to.contain('repeat: kmsspec run CNT-07 --seed 42');
    });
  });

  it('counts as its elements do, and fails what decides', () => {
    validated(writeJUnit(fullReport()), (document) => {
      for (const suite of [document.root, ...elements(document, '//testsuite')]) {
        const within = (path: string): string => String(suite.find(`.//${path}`).length);
        expect(attribute(suite, 'tests')).to.equal(within('testcase'));
        expect(attribute(suite, 'failures')).to.equal(within('failure'));
        expect(attribute(suite, 'errors')).to.equal(within('error'));
      }
      const failures = elements(document, '//failure/..').map(
        (each) => attribute(each, 'name').split(' ')[0],
      );
      expect(failures).to.have.members(['CNT-07', 'CACHE-12', 'count-3f2a', 'exchange', 'p99Ms']);
    });
  });

  it('turns a failure that does not decide into skipped, and says so, until it decides', () => {
    const path = '//testcase[starts-with(@name,"RPC-04")]/skipped';
    const report = reportOf(resultsOfEveryOutcome());
    validated(writeJUnit(report), (document) => {
      expect(attribute(document.get(path) as XmlElement, 'message')).to.match(
        /^failed, and SHOULD is non-blocking/,
      );
    });
    validated(writeJUnit(report, { failOn: ['SHOULD'] }), (document) =>
      expect(document.get(path)).to.equal(null),
    );
  });

  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    it(`holds hostile text ${index} as text`, () => {
      const report: Report = hostileReport(text);
      const xml = writeJUnit(report);
      expect(xml).not.to.match(ACTING_CHARACTER);
      validated(xml, (document) => {
        const failure = document.get('//testsuite[@name="CNT"]//failure') as XmlElement;
        expect(attribute(failure, 'message')).to.equal(makeVisible(text));
        expect(elements(document, '//*').every(({ name }) => KNOWN.has(name))).to.equal(true);
      });
    });
  }

  it('validates for 10,000 results', () => {
    const report = manyResults(10_000);
    validated(writeJUnit(report), (document) => expect(outcomesIn(document)).to.have.length(10_000));
  });
});

const KNOWN = new Set(
  'testsuites testsuite properties property testcase failure error skipped system-out'.split(' '),
);
