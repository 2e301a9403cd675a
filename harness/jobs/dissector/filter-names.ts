import type { Layout } from '../../../protocol';

/** Names that people know by their abbreviation; all others are the layout's name in snake case. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  clientMachineId: 'cmid',
  previousClientMachineId: 'previous_cmid',
  currentClientCount: 'count',
  ePid: 'epid',
  ePidSize: 'epid_size',
};

/** Fields of the stubs that stand for themselves, without `stub.` in front. */
const UNPREFIXED = new Set(['hresult']);

/**
 * The display filter name of a layout's field: `kms.cmid`, `kms.count`, `kms.required_client_count`,
 * `kms.stub.referent_id`. A field that request and response share has one name, so that a filter on it finds both.
 */
export function filterName({ name }: Layout, field: string): string {
  const snake = WELL_KNOWN[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const isStub = name.startsWith('stub.') && !UNPREFIXED.has(field);
  return isStub ? `kms.stub.${snake}` : `kms.${snake}`;
}

/** The raw 64-bit value of a FILETIME field, beside the time of day. */
export const filetimeFilterName = (abbreviation: string): string => `${abbreviation}.filetime`;
