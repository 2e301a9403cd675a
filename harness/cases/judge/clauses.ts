import type { Level } from '../../../reports/results/levels';

/**
 * The requirements that the fuzzer judges by. What each says, its level and its sources are the catalogue's, which whoever runs a
 * campaign hands in: what none of them settles is a remark, never a finding.
 */
export const CLAUSES = [
  'MSG-01',
  'MSG-02',
  'MSG-03',
  'MSG-04',
  'MSG-05',
  'MSG-07',
  'MSG-08',
  'MSG-10',
  'MSG-11',
  'RPC-01',
  'RPC-05',
  'RPC-06',
  'RPC-07',
  'RPC-08',
  'RPC-09',
  'RPC-10',
  'RPC-14',
  'RPC-15',
  'RPC-18',
  'RPC-19',
  'RPC-20',
  'RPC-22',
  'RPC-29',
  'CNT-03',
  'CNT-06',
  'CNT-13',
  'CNT-16',
  'CNT-17',
  'CNT-20',
  'CACHE-08',
  'CACHE-12',
  'TIME-01',
  'TIME-05',
  'TIME-09',
  'ROB-01',
  'ROB-03',
  'ROB-04',
  'ROB-05',
  'ROB-06',
  'ROB-07',
  'ROB-08',
  'ROB-09',
  'ROB-10',
  'ROB-11',
  'ROB-12',
] as const;
export type ClauseId = (typeof CLAUSES)[number];

/** A requirement as the catalogue has it. */
export interface Clause {
  readonly id: string;
  readonly level: Level;
  /** Completes "the host …". */
  readonly title: string;
  readonly sources: readonly string[];
}

/** The clauses that a finding may break, by their ids. */
export type Clauses = ReadonlyMap<string, Clause>;
