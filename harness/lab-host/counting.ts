import type { KmsRequest, TransferSyntax } from '../../protocol';
import { CountingModel } from '../model/counting-model';
import type { Profile } from '../model/profile';

/** Who asks. The model does not care; faults do. */
export interface Caller {
  readonly syntax: TransferSyntax;
  /** Stands for the connection. */
  readonly connection: object;
}

/** The counting step of the lab host. */
export interface Counting {
  /** Takes a granted request and returns the Count to answer. */
  grant(request: KmsRequest, nowMs: number, caller: Caller): number;
  reset(): void;
  /** A client has bound on this connection. */
  opened(connection: object): void;
  /** The connection is gone. */
  left(connection: object): void;
  /** A request was refused. */
  refused(): void;
}

/** The model itself. */
export class ReferenceCounting implements Counting {
  readonly #model: CountingModel;

  constructor(profile: Profile) {
    this.#model = new CountingModel(profile);
  }

  grant(request: KmsRequest, nowMs: number): number {
    const { applicationId, clientMachineId, requiredClientCount, isVirtualMachine } = request;
    const counted = {
      applicationId,
      clientMachineId,
      requiredClientCount,
      isVirtualMachine: isVirtualMachine !== 0,
    };
    return this.#model.grant(counted, nowMs);
  }

  reset(): void {
    this.#model.reset();
  }

  opened(): void {}
  left(): void {}
  refused(): void {}
}
