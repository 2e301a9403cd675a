import { STATES, type Health, type State } from '../health';
import { jsonFailure, jsonText } from './json';
import { nagiosText, nagiosUnknown } from './nagios';
import { prometheusFailure, prometheusText } from './prometheus';
import { prtgError, prtgText } from './prtg';
import { plainText } from './text';
import type { Subject } from './words';

export { PROBE_SCHEMA } from './json';
export { nagiosUnknown } from './nagios';
export type { Subject } from './words';

/** Forms that health is told in. */
export const FORMATS = ['text', 'json', 'nagios', 'prometheus', 'prtg'] as const;
/** A form that health is told in. */
export type ProbeFormat = (typeof FORMATS)[number];

/** What a probe found, in the form of one kind of monitoring; ends in a newline. */
export function formatHealth(health: Health, format: ProbeFormat): string {
  switch (format) {
    case 'text':
      return plainText(health);
    case 'json':
      return jsonText(health);
    case 'nagios':
      return nagiosText(health);
    case 'prometheus':
      return prometheusText(health);
    case 'prtg':
      return prtgText(health);
  }
}

/**
 * That a probe could not do its work at all, for programs that read its output: silence would leave them with what was before.
 * @param subjects what it was to probe
 * @returns null where people read it, on standard error
 */
export function formatFailure(
  problem: string,
  subjects: readonly Subject[],
  format: ProbeFormat,
): string | null {
  switch (format) {
    case 'text':
      return null;
    case 'json':
      return jsonFailure(problem);
    case 'nagios':
      return nagiosUnknown(problem);
    case 'prometheus':
      return prometheusFailure(subjects);
    case 'prtg':
      return prtgError(problem);
  }
}

export const nagiosCode = (state: State): number => STATES[state];
