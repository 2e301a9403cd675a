import Ajv2020 from 'ajv/dist/2020';
import { PRTG_SCHEMA } from './prtg-schema';

export interface Prtg {
  readonly error?: 1;
  readonly text: string;
  readonly result?: readonly {
    readonly channel: string;
    readonly value: number;
    readonly limitminwarning?: number;
  }[];
}

export const isPrtg = new Ajv2020({ strict: false }).compile<{ prtg: Prtg }>(PRTG_SCHEMA);

/** What a sensor gets; throws where it would not take it. */
export function readPrtg(text: string): Prtg {
  const value = JSON.parse(text) as unknown;
  if (!isPrtg(value)) throw new Error(JSON.stringify(isPrtg.errors));
  return value.prtg;
}
