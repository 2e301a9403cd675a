import { UsageError } from '../../support/usage-error';

const EXPORT =
  'export the log on the host with: wevtutil epl "Key Management Service" kms.evtx (or qe … /f:xml)';

/** A file that cannot be read as an event log: which, where in it, and what to do. */
export class EventLogError extends UsageError {
  constructor(
    readonly file: string,
    /** `line 12`, `record 3`, or empty for the whole file. */
    readonly where: string,
    readonly problem: string,
    advice = EXPORT,
  ) {
    super(`${file}${where === '' ? '' : `, ${where}`}: ${problem}; ${advice}`);
    this.name = 'EventLogError';
  }
}
