import { heldAgainst, judgedBy, JUDGING_LINES } from '../harness/cli/testing/stranger-verbs';
import { PROFILES } from '../harness/model/profile';
import { accusationsOf, runAgainst } from '../scenarios/testing/habit-run';
import { openStranger, QUICK_STRANGERS, type Stranger, STRANGERS } from '../scenarios/testing/strangers';

/**
 * `npm run habits [-- each | verbs | pairs]`: every habit of good hosts in both profiles with and without controls, every habit against every verb, and
 * all pairs of habits; exit code 1 where a good host is accused.
 * `npm run habits -- fuzz 1000000`: so many fuzz cases over all habits, a campaign for each and a seed for each round.
 */

const isAny = process.argv.length < 3;
const asked = (part: string): boolean => isAny || process.argv.includes(part);

function tell(what: string, accusations: readonly string[]): void {
  console.log(
    `${accusations.length === 0 ? 'ok' : 'ACCUSED'}  ${what}${accusations.map((one) => `\n    ${one}`).join('')}`,
  );
  if (accusations.length > 0) process.exitCode = 1;
}

async function each(habits: readonly Stranger[]): Promise<void> {
  const names = habits.map(({ name }) => name).join(' + ');
  for (const profile of Object.values(PROFILES)) {
    for (const controls of [true, false]) {
      const run = await runAgainst(habits, { controls, profile, whole: true });
      tell(`run, ${profile.name}, ${controls ? 'with controls' : 'blind'}: ${names}`, accusationsOf(run));
    }
  }
}

async function verbs(stranger: Stranger): Promise<void> {
  for (const [what, line] of Object.entries(JUDGING_LINES)) {
    const opened = await openStranger([stranger], false);
    tell(`${what}: ${stranger.name}`, await heldAgainst(line, opened.port).finally(() => opened.close()));
  }
}

/** Of a campaign. */
const CASES = 2000;
const TIME = '60s';

/** Campaigns against one habit after the other, until there were so many cases. @param from the seed of the first round */
async function fuzz(wanted: number, from: number): Promise<void> {
  let [cases, accusations] = [0, 0];
  for (let seed = from; cases < wanted; seed++) {
    for (const stranger of STRANGERS) {
      const opened = await openStranger([stranger], false);
      const line = `fuzz --runs ${CASES} --time ${TIME} --seed ${seed} --out {folder}`;
      const judged = await judgedBy(line, opened.port).finally(() => opened.close());
      cases += judged.cases;
      accusations += judged.accusations.length;
      tell(`fuzz, seed ${seed}, ${judged.cases} cases: ${stranger.name}`, judged.accusations);
    }
    console.log(`${cases} cases over ${STRANGERS.length} habits, ${accusations} blocking findings`);
  }
}

async function main(): Promise<void> {
  if (process.argv[2] === 'fuzz')
    return fuzz(Number(process.argv[3] ?? 1_000_000), Number(process.argv[4] ?? 1));
  if (asked('each')) for (const stranger of STRANGERS) await each([stranger]);
  if (asked('verbs')) for (const stranger of QUICK_STRANGERS) await verbs(stranger);
  if (!asked('pairs')) return;
  for (const [i, one] of QUICK_STRANGERS.entries()) {
    for (const other of QUICK_STRANGERS.slice(i + 1)) {
      const run = await runAgainst([one, other], { controls: true, profile: PROFILES['win7-2008r2'] });
      tell(`run: ${one.name} + ${other.name}`, accusationsOf(run));
    }
  }
}

if (require.main === module) void main();
