import { isIP } from 'node:net';
import { type BindOptions, type Endpoint, HostFailure } from '../../harness/client';
import type { Machine } from '../../harness/jobs/suite/host/machines';
import { type Granted, granted, replyOf } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { countedRequest } from '../../harness/model/counting-model';
import { systemLookup } from '../../harness/target/loopback';
import { encodeRequest, type Exchange, type KmsRequestInput } from '../../protocol';
import { BoundConnection } from './bound-connection';
import { countsInWords, withoutOrder } from './count-deviation';
import { Deviation } from './deviation';

/** A request on its way: over a connection of its own, unless it names one that is kept. */
export interface Ask {
  readonly machine: Machine;
  readonly over?: ReboundConnection;
}

interface Asked {
  readonly request: KmsRequestInput;
  readonly answer: Granted;
}

/** Requests whose counts are judged by all that was asked of the host and answered before. */
export class CountWords {
  /** The largest N_Policy that was granted in this scenario. */
  #largestPolicy = 0;

  constructor(private readonly driver: RequestDriver) {}

  /** Twice the largest N_Policy that this scenario asked with: no count is above it on a host that was empty before. */
  get capacity(): number {
    return 2 * this.#largestPolicy;
  }

  /** A connection that is kept, and bound anew where the host has closed it, as it may between requests. */
  keep(options: BindOptions = {}, address?: string): ReboundConnection {
    return new ReboundConnection(this.driver, options, address);
  }

  /**
   * Connections by the host's other addresses, one for each family that its name or the embedded host has beside the one that is asked
   * first. Who answers there with another ePID is another host behind the same name.
   * @param known a machine that the host knows, and how it was answered
   */
  async otherFamilies(known: Machine, { response }: Granted): Promise<ReboundConnection[]> {
    const { endpoint } = this.driver.session.options.target;
    const [first, ...others] = await addressesOf(endpoint);
    const another = others.find((address) => isIP(address) !== isIP(first!));
    if (another === undefined) return [];
    const over = this.keep({}, another);
    try {
      await over.bound();
    } catch (error) {
      // Nobody listens there, which a host need not.
      if (error instanceof HostFailure && error.stage === 'connect') return [];
      throw error;
    }
    const asked = await this.#ask({ machine: known, over });
    if (String(asked.answer.response.ePid) === String(response.ePid)) {
      this.#judge(asked);
      return [over];
    }
    await over.close();
    return [];
  }

  /** A machine asks while nothing else is under way. @throws Deviation where no conforming host would answer so */
  async alone(ask: Ask): Promise<Granted> {
    return this.#judge(await this.#ask(ask));
  }

  async #ask({ machine, over }: Ask): Promise<Asked> {
    const { driver } = this;
    const request = driver.requestOf(machine, {});
    const exchange = await this.#send(request, over);
    const by = over?.address === undefined ? '' : ` by ${over.address}`;
    driver.lastSent = `${driver.describe(machine)}${by}`;
    return { request, answer: this.#answerTo(request, exchange) };
  }

  #judge({ request, answer }: Asked): Granted {
    const { possibleStates } = this.driver.session;
    const right = possibleStates.granted(countedRequest(request), answer.count);
    const { unordered } = possibleStates;
    if (right === null && unordered === null) return answer;
    const expected = countsInWords(right ?? unordered!.possible);
    throw new Deviation({ subject: 'the count', expected, received: `${answer.count}` });
  }

  /**
   * Machines ask at the same time, all connections bound before the first request; one may ask several times.
   * @returns answers in the order of the requests
   * @throws Deviation where there is no order in which a conforming host would have answered them so
   */
  async together(asks: readonly Ask[]): Promise<Granted[]> {
    const { driver } = this;
    const lines = asks.map(({ over }) => over ?? this.keep());
    await Promise.all(lines.map((line) => line.bound()));
    const requests = asks.map(({ machine }) => driver.requestOf(machine, {}));
    driver.lastSent = `${asks.length} requests at the same time`;
    const exchanges = await Promise.all(requests.map((request, i) => this.#send(request, lines[i])));
    await Promise.all(lines.filter((_, i) => asks[i]!.over === undefined).map((line) => line.close()));
    const answers = exchanges.map((exchange, i) => this.#answerTo(requests[i]!, exchange));
    const grants = answers.map(({ count }, i) => ({ request: countedRequest(requests[i]!), count }));
    const { possibleStates } = driver.session;
    const right = possibleStates.grantedTogether(grants);
    const { unordered } = possibleStates;
    if (right === null && unordered === null) return answers;
    throw withoutOrder(
      asks.map(({ machine }, i) => ({ ...grants[i]!, name: driver.nameOf(machine) })),
      unordered,
    );
  }

  async #send(request: KmsRequestInput, over: ReboundConnection | undefined): Promise<Exchange> {
    const { driver } = this;
    if (over === undefined) return driver.watched(() => driver.client.activate(request));
    const message = encodeRequest(request, driver.session.options.target.mac);
    const call = async (): Promise<Exchange> => (await over.bound()).association.call(message);
    try {
      return await driver.watched(call);
    } catch (error) {
      if (!isClosed(error)) throw error;
      over.drop();
      driver.takeUncertain(request);
      return driver.watched(call);
    }
  }

  #answerTo(request: KmsRequestInput, exchange: Exchange): Granted {
    const answer = granted(replyOf(exchange));
    const { clientMachineId } = answer.response;
    if (clientMachineId !== request.clientMachineId) {
      throw new Deviation({
        subject: 'clientMachineId of the response',
        expected: request.clientMachineId,
        received: clientMachineId,
        field: { path: 'kms.response.clientMachineId' },
        hint: 'is that the request of another connection, or the one before?',
      });
    }
    this.#largestPolicy = Math.max(this.#largestPolicy, request.requiredClientCount);
    this.driver.count = answer.count;
    this.driver.noteCount(answer.count);
    return answer;
  }
}

/** A connection that machines keep. */
export class ReboundConnection {
  #bound: Promise<BoundConnection> | null = null;

  constructor(
    private readonly driver: RequestDriver,
    private readonly options: BindOptions,
    readonly address: string | undefined,
  ) {}

  bound(): Promise<BoundConnection> {
    this.#bound ??= this.#bind(this.options);
    return this.#bound;
  }

  async #bind(options: BindOptions): Promise<BoundConnection> {
    try {
      const { client } = this.driver;
      const { association } = await this.driver.watched(() => client.session(options, this.address));
      return new BoundConnection(this.driver, association);
    } catch (error) {
      const isRefused = error instanceof HostFailure && error.kind === 'rejected';
      if ((options.assocGroupId ?? 0) === 0 || !isRefused) throw error;
      // A group ends with its last connection, which the host may have closed (MS-RPCE 3.3.1.5.7).
      return this.#bind({ ...options, assocGroupId: 0 });
    }
  }

  /** The host has closed it: what comes next is over another. */
  drop(): void {
    this.#bound = null;
  }

  async close(): Promise<void> {
    await (await this.#bound)?.close();
    this.drop();
  }
}

/** The host has closed a connection, as it may between requests; a request that crosses that on its way meets a reset. */
const isClosed = (error: unknown): boolean =>
  error instanceof HostFailure && (error.kind === 'closed' || error.kind === 'reset');

/** All addresses of a host, the one that is asked first at the start. */
async function addressesOf({ host, addresses }: Endpoint): Promise<readonly string[]> {
  if (addresses !== undefined) return addresses;
  return isIP(host) === 0 ? systemLookup(host) : [host];
}
