import { variedInWords } from '../../harness/jobs/suite/wording/request';
import type { Machine, MachineKind } from '../../harness/jobs/suite/host/machines';
import type { RequestChanges, RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { encodeRequest, type KmsRequestInput, NIL_GUID } from '../../protocol';

/** What is known of machines and their requests. */
export class MachineWords {
  constructor(private readonly driver: RequestDriver) {}

  /** The machine's CMID. */
  cmidOf(machine: Machine): string {
    return this.driver.requestOf(machine, {}).clientMachineId;
  }

  /** A CMID that begins with that digit, so that its place among others is known. */
  cmidFrom(digit: string): string {
    return digit + this.driver.random.guid().slice(1);
  }

  /** The message of a machine's request, for scenarios that send its bytes. */
  messageOf(machine: Machine, changes: RequestChanges = {}): Uint8Array {
    return this.driver.messageOf(machine, changes);
  }

  /** Fields that a step varies, in words. */
  changesInWords(changes: RequestChanges): string {
    return variedInWords(changes);
  }

  /** Bytes by which a request of the machine is known: CMID, CMID before, and name. */
  tracesOf(machine: Machine): Uint8Array {
    const { driver } = this;
    const { clientMachineId, workstationName } = driver.requestOf(machine, {});
    const anyone = { ...driver.requestOf(driver.session.regular, {}), previousClientMachineId: NIL_GUID };
    const message = encodeRequest({ ...anyone, clientMachineId, workstationName });
    return Buffer.concat([message.subarray(64, 80), message.subarray(108, 236)]);
  }

  /** What a machine of that kind says of its product. */
  productOf(machine: Machine): Pick<KmsRequestInput, 'kmsCountedId' | 'skuId'> {
    const { kmsCountedId, skus } = this.driver.session.productOf(machine);
    return { kmsCountedId, skuId: skus[0].skuId };
  }

  /** Whether the host grants that kind of machine, as far as is known. */
  grants(kind: MachineKind): boolean {
    return this.driver.session.grants(kind);
  }
}
