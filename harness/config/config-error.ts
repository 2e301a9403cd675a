import { UsageError } from '../usage-error';

export interface ConfigErrorDetails {
  readonly file: string;
  /** From 1; null where the error has no place in the file. */
  readonly line: number | null;
  /** Such as `controls.reset[0]`, empty for the whole file. */
  readonly path: string;
  /** What is wrong and what to do, without file and place. */
  readonly problem: string;
}

/** A configuration, or a file it names, that cannot be used. */
export class ConfigError extends UsageError implements ConfigErrorDetails {
  readonly file: string;
  readonly line: number | null;
  readonly path: string;
  readonly problem: string;

  constructor(details: ConfigErrorDetails, options?: ErrorOptions) {
    const place = details.line === null ? details.file : `${details.file}:${details.line}`;
    super(`${place}: ${details.path === '' ? '' : `${details.path}: `}${details.problem}`, options);
    this.name = 'ConfigError';
    this.file = details.file;
    this.line = details.line;
    this.path = details.path;
    this.problem = details.problem;
  }
}
