import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ALL_ROWS } from '../harness/lab-host/windows/testing/all-rows';
import { ROW_IDS } from '../harness/lab-host/windows/testing/row-ids';
import { packageRoot } from '../harness/support/package-root';
import { CATALOGUE } from './catalogue';

/** The rows of the table "Facts and requirements" of docs/rpc-ledger.md. */
function ledger(): { readonly fact: string; readonly requirements: string; readonly why: string }[] {
  const text = readFileSync(join(packageRoot(), 'docs', 'rpc-ledger.md'), 'utf8');
  const [, table] = text.split('## Facts and requirements');
  return table!
    .split('\n')
    .filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| fact '))
    .map((line) => {
      const [fact, requirements, why] = line
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      return { fact: fact!, requirements: requirements!, why: why! };
    });
}

describe('the RPC ledger', () => {
  it('has 106 facts, each played against the lab host by its name', () => {
    expect(new Set(ROW_IDS).size).to.equal(106);
    expect(Object.values(ALL_ROWS).flatMap(Object.keys)).to.have.members(ROW_IDS);
  });

  it('lists each fact once', () => {
    expect(ledger().map(({ fact }) => fact)).to.have.members(ROW_IDS);
  });

  it('names requirements of the catalogue, or a reason for none', () => {
    const ids = CATALOGUE.map(({ id }) => id as string);
    for (const { fact, requirements, why } of ledger()) {
      if (requirements === '—') expect(why, fact).to.have.length.above(10);
      else expect(ids, fact).to.include.members(requirements.split(', '));
    }
  });
});
