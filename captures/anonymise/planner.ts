import { type Capture, openLogged } from '../open-capture';
import { LayerTable } from '../layers/registers';
import type { CapturedPacket } from '../packet';
import { type AssociationOptions, KmsAssociation } from '../rpc/association';
import type { Connection } from '../tcp/connection';
import { ConnectionFeed } from '../tcp/connection-feed';
import type { CaptureWarning } from '../warnings';
import type { MessageRewriter } from './message-rewriter';
import { ConnectionPlan } from './plan';
import type { HeldBytes } from './stream-plan';

/** What is planned and not written: so far the first reading runs ahead of the second. */
const MOST_HELD = 16 << 20;

export interface PlannerOptions extends AssociationOptions {
  readonly vxlanPorts?: readonly number[] | undefined;
  readonly mostHeld?: number;
}

/**
 * The first reading: what each direction of each connection is to carry. It runs ahead of the second, so that a call is known whole before its
 * first octet is written, and no further than memory allows: a connection of another port than that of KMS is written from there on where it turns
 * out to lead to KMS, and a call that takes longer stays blank.
 */
export class Planner {
  readonly warnings: readonly CaptureWarning[];
  readonly #plans = new Map<number, ConnectionPlan>();
  readonly #held: HeldBytes = { bytes: 0 };
  readonly #feed: ConnectionFeed;
  readonly #batches: AsyncGenerator<CapturedPacket[], void, undefined>;
  readonly #mostHeld: number;
  #packets = 0;
  #ended = false;

  private constructor(
    private readonly capture: Capture,
    log: Awaited<ReturnType<typeof openLogged>>['log'],
    messages: MessageRewriter,
    options: PlannerOptions,
  ) {
    this.#mostHeld = options.mostHeld ?? MOST_HELD;
    this.warnings = log.list;
    this.#batches = capture.batches();
    const makeReader = (connection: Connection): KmsAssociation => {
      const plan = new ConnectionPlan(messages, this.#held, () => this.#plans.set(connection.index, plan));
      return new KmsAssociation(connection, plan, log, options);
    };
    this.#feed = new ConnectionFeed(log, makeReader, null, new LayerTable(options.vxlanPorts));
  }

  /** @throws CaptureError as `openCapture` does */
  static async open(input: string, messages: MessageRewriter, options: PlannerOptions): Promise<Planner> {
    const { capture, log } = await openLogged(input, { direct: true });
    return new Planner(capture, log, messages, options);
  }

  /** Reads on, at least until so many packets are read. */
  async readBeyond(packets: number, signal: AbortSignal | undefined): Promise<void> {
    while (!this.#ended && (this.#packets < packets || this.#held.bytes < this.#mostHeld)) {
      signal?.throwIfAborted();
      const { value: batch } = await this.#batches.next();
      if (batch === undefined) {
        this.#ended = true;
        this.#feed.finish();
        return;
      }
      this.#packets += batch.length;
      this.#feed.push(batch);
    }
  }

  /** Undefined for a connection that carried no PDU yet, or has been let go. */
  planOf(connection: Connection): ConnectionPlan | undefined {
    return this.#plans.get(connection.index);
  }

  /** Nothing more of the connection is written. */
  letGo(connection: Connection): void {
    this.planOf(connection)?.release();
    this.#plans.delete(connection.index);
  }

  close(): Promise<void> {
    return this.capture.close();
  }
}
