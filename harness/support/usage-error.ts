/**
 * The user asked for something that cannot be done: a wrong option, a bad configuration, a file that cannot be used.
 * The message says what, where and what to do, in one or two lines; the program ends with exit code 2.
 */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}
