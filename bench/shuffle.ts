import { CATALOGUE } from '../scenarios/catalogue';
import { runOnLab } from '../scenarios/testing/lab-run';

/**
 * `npm run shuffle [-- FROM TO]`: the suite in 100 orders, or those of some seeds, against the good lab host; exit code 1 where
 * an outcome differs.
 */

const ORDERS = 100;
const IDS = CATALOGUE.map(({ id }) => id);

type Outcomes = readonly string[];

async function outcomes(seed: number, shuffle: boolean): Promise<Outcomes> {
  const { results } = await runOnLab({ ids: IDS, seed, shuffle });
  return results.map(({ id, outcome, message, reason }) =>
    [id, outcome, outcome === 'failed' ? message : reason].join(' ').trim(),
  );
}

async function main(from: number, to: number): Promise<void> {
  const wanted = new Set(await outcomes(0, false));
  for (let seed = from; seed <= to; seed++) {
    const others = (await outcomes(seed, true)).filter((one) => !wanted.has(one));
    if (others.length === 0) continue;
    console.log(`seed ${seed}: ${others.join('; ')}`);
    process.exitCode = 1;
  }
  console.log(`orders ${from} to ${to}: ${wanted.size} outcomes each`);
}

if (require.main === module) {
  const [from = 1, to = ORDERS] = process.argv.slice(2).map(Number);
  void main(from, to);
}
