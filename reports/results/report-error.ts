/** Why a report cannot be used. Stable: the command line and tests rely on these words. */
export type ReportErrorCode =
  | 'not-json' // the text is no JSON
  | 'not-a-report' // JSON, but nothing that says it is a kmsspec report
  | 'unsupported-version' // a report of a version that this program does not know
  | 'bad-field' // a field is missing or holds a value that the schema does not allow
  | 'inconsistent' // the fields contradict each other
  | 'parts-do-not-belong-together'; // shards of different runs, or the same one twice

/** What is wrong with a report, and at which field. */
export interface ReportErrorDetails {
  readonly code: ReportErrorCode;
  /** What was being read: a file name as the caller gave it. */
  readonly where: string;
  /** Field path such as `results[3].outcome`, empty for the whole document. */
  readonly path: string;
  /** What is wrong, in a clause. */
  readonly problem: string;
  /** What to do about it, in a clause. */
  readonly advice: string;
}

/** The one error that reading, merging and comparing reports throw. */
export class ReportError extends Error implements ReportErrorDetails {
  readonly code: ReportErrorCode;
  readonly where: string;
  readonly path: string;
  readonly problem: string;
  readonly advice: string;

  constructor(details: ReportErrorDetails) {
    const place = details.path === '' ? details.where : `${details.where}, ${details.path}`;
    super(`${place}: ${details.problem}; ${details.advice}`);
    this.name = 'ReportError';
    this.code = details.code;
    this.where = details.where;
    this.path = details.path;
    this.problem = details.problem;
    this.advice = details.advice;
  }
}
