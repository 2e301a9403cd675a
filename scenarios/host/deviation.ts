import { expectationInWords } from '../../harness/jobs/suite/wording/expectation';

/** A field that a deviation is about, for reports to mark: its layout path, and the octets that it should hold. */
export interface DeviantField {
  readonly path: string;
  readonly expectedHex?: string;
}

/** What a host did and what the clause allows, in words. */
export interface DeviationDetails {
  /** What was looked at, where the step that was sent does not say it. */
  readonly subject?: string;
  readonly expected: string;
  readonly received: string;
  /** Where: a field of the answer. */
  readonly field?: DeviantField;
  /** Where it stands, in words: `at offset 84 of the response message`. */
  readonly place?: string;
  /** What usually causes it. */
  readonly hint?: string | undefined;
}

/** The host did something that the clause does not allow. */
export class Deviation extends Error {
  readonly subject: string | undefined;
  readonly expected: string;
  readonly actual: string;
  readonly field: DeviantField | undefined;
  readonly place: string | undefined;
  readonly hint: string | undefined;

  constructor(details: DeviationDetails) {
    super(expectationInWords(details));
    this.name = 'Deviation';
    this.subject = details.subject;
    this.expected = details.expected;
    this.actual = details.received;
    this.field = details.field;
    this.place = details.place;
    this.hint = details.hint;
  }
}
