import { type Machine, clients } from '../../../harness/jobs/suite/host/machines';
import type { Step, Together } from './step';
import type { Way } from './way';

/** What a host that has room answered where requests overlapped, and afterwards. */
export interface Overlap {
  /** New clients at the same time. */
  readonly strangers: Together;
  /** Known ones and a new one, which asks twice, at the same time. */
  readonly mixed: Together;
  /** Each of them alone, afterwards. */
  readonly afterwards: readonly Step[];
}

const STRANGERS = 4;

/** New clients ask at the same time, then renew together with a further one that asks over two connections at once; then each alone. */
export async function seeOverlap(way: Way): Promise<Overlap> {
  const { random } = way.driver;
  const strangers = clients(STRANGERS);
  const first = await way.together(strangers, `${STRANGERS} new clients at the same time`);
  const [twice] = clients(1) as [Machine];
  const mixed = await way.together(
    random.shuffle([...strangers, twice, twice]),
    'known clients and a new one, which asks twice, at the same time',
  );
  const afterwards = await way.each(
    random.shuffle([...strangers, twice]),
    'a client that had asked at the same time as others',
  );
  return { strangers: first, mixed, afterwards };
}
