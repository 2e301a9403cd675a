import { z } from 'zod';
import type { Profile } from '../../model/profile';
import { meaning } from '../../support/meaning';

const days = z.number().int().min(0).max(3650);

/** A profile as a file: every switch, so that nothing is decided in silence. */
export const profileSchema = z
  .strictObject({
    name: meaning(z.string().min(1).max(64), 'what reports call it'),
    countsVirtualMachines: meaning(z.boolean(), 'whether virtual machines are counted'),
    failedRenewalRetryHours: meaning(z.number().positive(), 'hours until a failed renewal is tried again'),
    discoveryUsesPriorityAndWeight: meaning(z.boolean(), 'whether SRV priority and weight count'),
    initialGraceDays: z.strictObject({
      client: meaning(days, 'days of initial grace of a client system'),
      server: meaning(days, 'days of initial grace of a server'),
    }),
    countSurvivesRestart: meaning(z.boolean(), 'whether the count survives a restart'),
  })
  .meta({
    title: 'kmsspec --profile',
    description: 'Where the sources disagree: docs/profiles.md',
  }) satisfies z.ZodType<Profile>;
