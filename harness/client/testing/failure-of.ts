import { expect } from 'chai';
import { HostFailure } from '..';

/** What a call of the client fails with; an error of the test where it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<HostFailure> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(HostFailure);
    return error as HostFailure;
  }
  throw new Error(
    `it did not fail: ${JSON.stringify(result, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
  );
}
