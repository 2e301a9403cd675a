import { z } from 'zod';
import { COUNTERS, type CounterName, NOT_COUNTED } from '../model/host-counters';

const counter = z
  .number()
  .int()
  .min(0)
  .max(NOT_COUNTED)
  .nullish()
  .transform((value) => (value === null || value === NOT_COUNTED ? undefined : value));

/** Counters as the JSON of the control `observe` has them; what is no number of requests is none. */
export const countersSchema = z.object(
  Object.fromEntries(COUNTERS.map((name) => [name, counter])) as Record<CounterName, typeof counter>,
);
