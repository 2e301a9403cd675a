import { UsageError } from './usage-error';

export interface ConfigErrorDetails {
  readonly file: string;
  /** From 1; null where the error has no place in the file. */
  readonly line: number | null;
  /** Such as `controls.reset[0]`, empty for the whole file. */
  readonly path: string;
  /** What is wrong and what to do, without file and place. */
  readonly problem: string;
  /** What the key is for. */
  readonly about?: string | undefined;
}

/** A configuration, or a file it names, that cannot be used. */
export class ConfigError extends UsageError implements ConfigErrorDetails {
  readonly file: string;
  readonly line: number | null;
  readonly path: string;
  readonly problem: string;
  readonly about: string | undefined;

  constructor(details: ConfigErrorDetails, options?: ErrorOptions) {
    const place = details.line === null ? details.file : `${details.file}:${details.line}`;
    const about = details.about === undefined ? '' : `\n  ${details.path} is ${details.about}`;
    super(`${place}: ${details.path === '' ? '' : `${details.path}: `}${details.problem}${about}`, options);
    this.name = 'ConfigError';
    this.file = details.file;
    this.line = details.line;
    this.path = details.path;
    this.problem = details.problem;
    this.about = details.about;
  }
}
