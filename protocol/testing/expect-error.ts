import { expect } from 'chai';
import { ProtocolError } from '../errors';

const CODES = ['truncated', 'trailing', 'bad-value', 'too-long', 'bad-input'];

/**
 * Runs `action`, which may fail in the one way a codec may.
 * @returns the error, or null where there was none
 */
export function protocolErrorOf(action: () => unknown): ProtocolError | null {
  try {
    action();
    return null;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return error;
  }
}

/** Runs `action`, which must fail with a whole error: code, path, offset, expected and found. */
export function expectProtocolError(action: () => unknown): ProtocolError {
  const error = protocolErrorOf(action);
  if (error === null) throw new Error('expected a ProtocolError, nothing was thrown');
  expect(CODES).to.include(error.code);
  for (const text of [error.path, error.expected, error.actual]) {
    expect(text).to.be.a('string').with.length.greaterThan(0);
  }
  expect(error.offset).to.satisfy((offset: number) => Number.isInteger(offset) && offset >= 0);
  return error;
}
