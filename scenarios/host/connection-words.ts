import type { Connection } from '../../harness/client';
import type { Machine } from '../../harness/jobs/suite/host/machines';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { IdleConnections } from './idle-connections';
import { type Provocation, Provoker } from './provocation';
import { patienceOf, tolerate } from './tolerate';

/** What a host may need to deal with a connection that is gone. */
const SETTLE_MS = 20;

/** Connections that do what no client does. */
export class ConnectionWords {
  constructor(private readonly driver: RequestDriver) {}

  /** Sends what no client sends, one after the other, and waits until the host has dealt with each. */
  async provoke(provocations: readonly Provocation[]): Promise<void> {
    const { driver } = this;
    const provoker = new Provoker(driver.client);
    for (const provocation of provocations) {
      driver.provokes(provocation.what);
      await driver.watched(() => provoker.provoke(provocation));
    }
  }

  /** A request, and a reset before its answer can have come: whether it was granted stays open. */
  async resetBeforeTheResponse(machine: Machine): Promise<void> {
    const { driver } = this;
    const request = driver.requestOf(machine, {});
    driver.lastSent = 'a bind';
    const { association } = await driver.watched(() => driver.client.session());
    driver.provokes(`a request of ${driver.nameOf(machine)}, and a reset before its response`);
    await association.connection.send(Buffer.concat(association.prepare(driver.messageOf(machine)).pdus));
    await association.connection.reset();
    driver.takeUncertain(request);
    // The host may still be busy with it when the next request comes.
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /** A request, and FIN behind it: a host may answer it, or close. */
  async halfCloseBehindTheRequest(machine: Machine): Promise<void> {
    const { driver } = this;
    const request = driver.requestOf(machine, {});
    driver.lastSent = 'a bind';
    const { association } = await driver.watched(() => driver.client.session());
    const call = association.prepare(driver.messageOf(machine));
    driver.provokes(`a request of ${driver.nameOf(machine)}, and a half-close behind it`);
    const sentAt = association.connection.time.nowNs();
    await association.connection.send(Buffer.concat(call.pdus));
    association.connection.end();
    const reaction = await tolerate(driver, request, async () =>
      driver.take(request, await association.answerTo(call, sentAt, patienceOf(driver))),
    );
    // It was whole: a host that closes instead of answering may have counted it.
    if (reaction.kind === 'nothing') driver.takeUncertain(request);
  }

  /** Opens connections that send nothing. @param what they are, with those that are open, in words */
  async open(
    count: number,
    what = `${count === 1 ? '1 connection' : `${count} connections`} without an octet`,
  ): Promise<IdleConnections> {
    const { driver } = this;
    driver.provokes(what);
    const connections: Connection[] = [];
    for (let i = 0; i < count; i++) connections.push(await driver.watched(() => driver.client.connect()));
    return new IdleConnections(connections);
  }
}
