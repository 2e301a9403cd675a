/**
 * What tests draw from: a commit is judged the same each time. `KMSSPEC_SEED=N` has them draw something else, which `npm run properties` does for many
 * seeds.
 */
export const TEST_SEED = Number(process.env['KMSSPEC_SEED'] ?? 20261125);
