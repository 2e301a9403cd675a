import { UsageError } from '../usage-error';

/** A file that cannot be read as an exported event log: which, where in it, and what to do. */
export class EventLogError extends UsageError {
  constructor(
    readonly file: string,
    /** `line 12`, `record 3`, or empty for the whole file. */
    readonly where: string,
    readonly problem: string,
    advice = 'export the log as CSV, or with: wevtutil qe "Key Management Service" /f:xml',
  ) {
    super(`${file}${where === '' ? '' : `, ${where}`}: ${problem}; ${advice}`);
    this.name = 'EventLogError';
  }
}
