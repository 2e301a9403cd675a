import { UsageError } from '../../support/usage-error';

/** What was asked of replay makes no sense: a filter that does not parse, a timing that is none. */
export class ReplayUsageError extends UsageError {
  constructor(message: string) {
    super(message);
    this.name = 'ReplayUsageError';
  }
}
