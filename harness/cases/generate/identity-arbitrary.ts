import { NIL_GUID } from '../../../protocol';
import type { FuzzCase } from '../case';
import { guidOfWords } from './field-arbitrary';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

/** CMIDs of a case. A few, so that machines come back. */
export const MACHINES = 4;

const word = drawn.integer({ min: 0, max: 0xffffffff });

/** What tells a case from all others: its applications, machines and names follow from two words, as they have no simpler form. */
const words = drawn.noShrink(drawn.tuple(word, word));

type Identity = Pick<FuzzCase, 'applications' | 'machines' | 'canary'>;

function identityOf([high, low]: readonly [number, number]): Identity {
  let state = low;
  // Words without a pattern that a host could trip over (splitmix32).
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ high;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const guid = (): string => guidOfWords([next(), next(), next(), next()]);
  const applications = [guid(), guid()] as const;
  const guids = Array.from({ length: MACHINES }, guid);
  const shapes = next();
  const machines = guids.map((plain, i) => shaped(plain, (shapes >>> (4 * i)) & 0xf, guids[0]!));
  return { applications, machines, canary: next() };
}

/** Machines are unlike one another in every byte, or in one alone; all zeros; an end of all ones. */
function shaped(plain: string, shape: number, first: string): string {
  if (shape === 1) return NIL_GUID;
  if (shape === 2) return `${plain.slice(0, 34)}ff`;
  if (shape === 3) return `${first.slice(0, 35)}${plain.slice(35)}`;
  if (shape === 4) return `${plain.slice(0, 1)}${first.slice(1)}`;
  return plain;
}

export const identityArbitrary: Drawn<Identity> = words.map(identityOf);
