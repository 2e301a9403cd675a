import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { fieldRows, fieldsMarkdown } from './fields-reference';

/** Offset and size of each field of the request, from the Operations Guide, appendix 1. */
const REQUEST_OFFSETS = [
  [0, 2], [2, 2], [4, 4], [8, 4], [12, 4], [16, 16], [32, 16], [48, 16], [64, 16], [80, 4], [84, 8], [92, 16], [108, 128], [236, 16],
]; // biome-ignore format: a table

describe('the field reference', () => {
  it('stands in docs/fields.md as it is (kmsspec list fields --format markdown)', () => {
    expect(readFileSync(join(packageRoot(), 'docs', 'fields.md'), 'utf8')).to.equal(fieldsMarkdown());
  });

  it('has the offsets of the Operations Guide for the request', () => {
    const rows = fieldRows().filter(({ structure }) => structure === 'kms.request');
    expect(rows.map(({ offset, size }) => [Number(offset), Number(size)])).to.deep.equal(REQUEST_OFFSETS);
  });

  it('names the fields of nested structures behind the field that holds them', () => {
    const fields = fieldRows()
      .filter(({ structure }) => structure === 'rpc.bind')
      .map(({ field }) => field);
    expect(fields).to.include.members([
      'contexts',
      'contexts[].contextId',
      'contexts[].abstractSyntax.uuid',
      'contexts[].transferSyntaxes[].version',
    ]);
  });
});
