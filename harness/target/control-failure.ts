import type { ControlName } from './control-name';

/** Lines of standard error that a reason tells. */
const SAID_LINES = 2;

/** A control that could not be carried out: what needed it is inconclusive. The message holds the beginning of its standard error. */
export class ControlFailure extends Error {
  constructor(
    readonly control: ControlName,
    /** Empty where the program did as it was told, and what it said cannot be used. */
    readonly command: readonly string[],
    /** Completes "the control reset …". */
    readonly problem: string,
    readonly stderr: string,
    options?: ErrorOptions,
  ) {
    const lines = stderr
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const more = lines.length > SAID_LINES ? ' …' : '';
    const said = lines.length === 0 ? '' : `: ${lines.slice(0, SAID_LINES).join(' / ')}${more}`;
    const program = command.length === 0 ? '' : ` (${command.join(' ')})`;
    super(`the control ${control}${program} ${problem}${said}`, options);
    this.name = 'ControlFailure';
  }
}
