import { CATALOGUE } from '../scenarios/catalogue';
import { runOnLab } from '../scenarios/testing/lab-run';

/** `npm run shuffle`: the suite in 100 orders against the good lab host; exit code 1 where an outcome differs. */

const ORDERS = 100;
/** TIME-06 waits a second each time, and looks at nothing that an order could change. */
const IDS = CATALOGUE.filter(({ id }) => id !== 'TIME-06').map(({ id }) => id);

async function main(): Promise<void> {
  const outcomes = async (seed: number, shuffle: boolean): Promise<string> => {
    const { results } = await runOnLab({ ids: IDS, seed, shuffle });
    return results.map(({ id, outcome }) => `${id} ${outcome}`).join('\n');
  };
  const first = await outcomes(0, false);
  for (let seed = 1; seed <= ORDERS; seed++) {
    if ((await outcomes(seed, true)) === first) continue;
    console.log(`seed ${seed}: other outcomes`);
    process.exitCode = 1;
  }
  console.log(`${ORDERS} orders done`);
}

if (require.main === module) void main();
