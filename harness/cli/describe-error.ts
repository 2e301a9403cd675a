import { UsageError } from '../usage-error';
import { EXIT } from './verb';

export interface DescribedError {
  readonly exitCode: number;
  readonly message: string;
}

/** Which exit code an error stands for, and the line that tells it. Errors of no known kind are defects of ours and say so. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof UsageError) return { exitCode: EXIT.usage, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: EXIT.usage,
    message: `unexpected: ${message} (--verbose shows where; please report this)`,
  };
}
