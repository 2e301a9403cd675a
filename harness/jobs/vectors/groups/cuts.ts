import type { LaidField } from '../plain/lay-out';

export interface Cut {
  /** Octets that are left. */
  readonly size: number;
  /** The first field of which octets are missing, and where it begins. */
  readonly path: string;
  readonly offset: number;
}

/** A structure cut before and within each of its fields. */
export function* cuts(fields: readonly LaidField[]): Generator<Cut> {
  for (const { path, offset, length } of fields) {
    if (length === 0) continue;
    for (const size of new Set([offset, offset + length - 1])) yield { size, path, offset };
  }
}
