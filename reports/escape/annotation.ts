import { makeVisible } from './visible';

/** The message of a GitHub workflow command: everything behind `::error …::`. */
export function escapeCommandData(text: string): string {
  return makeVisible(text).replace(/%/g, '%25').replace(/\n/g, '%0A');
}

/** A property of a GitHub workflow command, such as its title. */
export function escapeCommandProperty(text: string): string {
  return escapeCommandData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
