import { startLabHost } from '../harness/lab-host';
import { openTarget } from '../harness/target';
import { accusationsOf } from '../scenarios/testing/habit-run';
import { runOn } from '../scenarios/testing/lab-run';
import { Others } from '../scenarios/testing/others';

/**
 * `npm run seeds [-- COUNT]`: so many runs, 100 where left out, shuffled, each of another seed, against a new good host without controls; and
 * as many while another client asks it every 20 ms. Exit code 1 where one accuses the host.
 */

const AT_ONCE = 2;
const OTHERS_EVERY_MS = 20;
/** An answer may take long on a busy machine. */
const TIMEOUT_MS = 15_000;

async function accusedBy(seed: number, othersAsk: boolean): Promise<readonly string[]> {
  const lab = await startLabHost({ seed });
  const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
  const others = new Others(target);
  if (othersAsk) others.start(OTHERS_EVERY_MS);
  try {
    return accusationsOf(await runOn(target, { seed, shuffle: true, timeoutMs: TIMEOUT_MS }));
  } finally {
    await others.stop();
    await target.close();
    await lab.close();
  }
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 100);
  for (const othersAsk of [false, true]) {
    let next = 1;
    let accused = 0;
    const lane = async (): Promise<void> => {
      for (let seed = next++; seed <= count; seed = next++) {
        const accusations = await accusedBy(seed, othersAsk);
        if (accusations.length === 0) continue;
        accused++;
        console.log(`ACCUSED  seed ${seed}${accusations.map((one) => `\n    ${one}`).join('')}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const whom = othersAsk ? `, asked by another client every ${OTHERS_EVERY_MS} ms` : '';
    console.log(`${count} runs against a good host without controls${whom}: ${accused} accuse it`);
    if (accused > 0) process.exitCode = 1;
  }
}

if (require.main === module) void main();
