import { KeptConnection } from '../../harness/client';
import type { Machine } from '../../harness/jobs/suite/host/machines';
import { type Granted, granted, replyOf } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import type { Exchange, KmsRequestInput } from '../../protocol';

/** Requests that are under way at once. */
const TOGETHER = 64;
const AT_ONCE = 16;

/** Machines ask at the same time, all connections open before the first request; answers in the order of the machines. */
export async function activateTogether(
  driver: RequestDriver,
  machines: readonly Machine[],
): Promise<Granted[]> {
  if (machines.length > TOGETHER) throw new RangeError(`at most ${TOGETHER} machines ask together`);
  const sessions = await Promise.all(machines.map(() => driver.watched(() => driver.client.session())));
  const requests = machines.map((machine) => driver.requestOf(machine, {}));
  driver.lastSent = `requests of ${machines.length} machines at the same time`;
  const exchanges = await Promise.all(
    sessions.map((session, i) => driver.watched(() => session.activate(requests[i]!))),
  );
  await Promise.all(sessions.map((session) => session.close()));
  return takeTogether(driver, requests, exchanges);
}

/** Machines ask in any order, some at a time, over connections that are kept where the host keeps them. */
export async function activateAll(driver: RequestDriver, machines: readonly Machine[]): Promise<Granted[]> {
  const requests = machines.map((machine) => driver.requestOf(machine, {}));
  const exchanges = new Array<Exchange>(requests.length);
  let next = 0;
  const work = async (): Promise<void> => {
    const kept = new KeptConnection(driver.client);
    for (let i = next++; i < requests.length; i = next++) {
      driver.lastSent = `requests of ${machines.length} machines, of which this is number ${i + 1}`;
      exchanges[i] = await driver.watched(() => kept.activate(requests[i]!));
    }
    await kept.close();
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, driver.session.pace.atOnce) }, work));
  return takeTogether(driver, requests, exchanges);
}

function takeTogether(
  driver: RequestDriver,
  requests: readonly KmsRequestInput[],
  exchanges: readonly Exchange[],
): Granted[] {
  const answers = exchanges.map((exchange, i) => {
    const { clientMachineId } = requests[i]!;
    driver.lastSent = `requests of ${requests.length} machines, of which this is number ${i + 1} (CMID ${clientMachineId})`;
    return granted(replyOf(exchange));
  });
  driver.lastSent = `requests of ${requests.length} machines`;
  driver.takeTogether(requests, answers);
  return answers;
}
