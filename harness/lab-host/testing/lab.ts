import {
  type InputOf,
  type kmsRequest,
  encodePdu,
  encodeRequest,
  encodeRequestStub,
  filetimeFromUnixMs,
  KMS_INTERFACE,
  NDR32,
  NDR64,
  btfnSyntax,
  NIL_GUID,
  type PduInputOf,
  product,
  type ProductKey,
  stubEncoding,
  type TransferSyntax,
} from '../../../protocol';
import { VirtualClock } from '../../support/clock';
import { Association } from '../association';
import { AssociationGroups } from '../association-groups';
import { HostDeath, HostHang } from '../host-failure';
import { LabKms } from '../kms';
import { type LabHostOptions, type LabSettings, resolveSettings } from '../settings';

/** 2009-07-22, when Windows 7 was released: any time would do. */
export const START_MS = Date.UTC(2009, 6, 22);
const DAY_SECONDS = 24 * 3600;

export type RequestFields = Partial<InputOf<typeof kmsRequest>>;

/** A machine of this number asks: a request with every field in order. */
export function requestOf(
  machine: number,
  productKey: ProductKey = 'win7',
  fields: RequestFields = {},
): Uint8Array {
  const { applicationId, kmsCountedId, requiredClientCount, skus } = product(productKey);
  return encodeRequest({
    minorVersion: 0,
    majorVersion: 4,
    isVirtualMachine: 0,
    licenseStatus: 2,
    bindingExpirationMinutes: 43_200,
    applicationId,
    kmsCountedId,
    skuId: skus[0].skuId,
    requiredClientCount,
    clientMachineId: cmid(machine),
    previousClientMachineId: NIL_GUID,
    requestTime: filetimeFromUnixMs(START_MS) + 1234n,
    workstationName: `PC${machine}.example.test`,
    ...fields,
  });
}

/** CMIDs that differ in every group. */
export function cmid(machine: number): string {
  const digits = (Math.imul(machine + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `${digits}-${digits.slice(0, 4)}-4${digits.slice(1, 4)}-8${digits.slice(2, 5)}-${digits}${digits.slice(3, 7)}`;
}

/** A pure lab host in virtual time. What dies or hangs stays so. */
export class Lab {
  readonly settings: LabSettings;
  readonly kms: LabKms;
  failure: string | null = null;
  readonly #groups = new AssociationGroups();

  constructor(options: LabHostOptions = {}) {
    this.settings = resolveSettings({ clock: new VirtualClock(START_MS), ...options });
    this.kms = new LabKms(this.settings);
  }

  associate(): LabConnection {
    const { kms, settings } = this;
    const { ndr64, hooks } = settings;
    const host = { kms, ndr64, hooks, port: 1688, groups: this.#groups };
    return new LabConnection(this, new Association(host));
  }

  advanceDays(days: number): void {
    this.settings.clock.advance(days * DAY_SECONDS);
  }

  /** Runs a step of the host; one that kills it is noted. */
  attempt<T>(step: () => T): T | null {
    if (this.failure !== null) return null;
    try {
      return step();
    } catch (error) {
      if (!(error instanceof HostDeath || error instanceof HostHang)) throw error;
      this.failure = error.message;
      return null;
    }
  }
}

/** One connection to a pure lab host; `log` keeps all that it answered. */
export class LabConnection {
  readonly log: string[] = [];

  constructor(
    private readonly lab: Lab,
    private readonly association: Association,
  ) {}

  send(bytes: Uint8Array): Uint8Array[] {
    const answers = this.lab.attempt(() => this.association.receive(bytes)) ?? [];
    this.log.push(...answers.map((answer) => Buffer.from(answer).toString('hex')));
    this.log.push(this.lab.failure ?? this.association.ending);
    return answers;
  }

  leave(): void {
    this.lab.attempt(() => this.association.left());
    this.log.push(this.lab.failure ?? 'left');
  }
}

export type Context = PduInputOf<'bind'>['body']['contexts'][number];

export const contextOf = (
  contextId: number,
  transferSyntaxes: Context['transferSyntaxes'],
  abstractSyntax: Context['abstractSyntax'] = KMS_INTERFACE,
): Context => ({ contextId, abstractSyntax, transferSyntaxes });

export const NDR32_CONTEXT = contextOf(0, [NDR32]);
export const NDR64_CONTEXT = contextOf(1, [NDR64]);
export const BTFN_CONTEXT = contextOf(2, [btfnSyntax(3)]);

/** A bind as recorded clients send it, unless told otherwise. */
export function bindOf(
  contexts: readonly Context[] = [NDR32_CONTEXT, NDR64_CONTEXT, BTFN_CONTEXT],
  limit = 5840,
  header: PduInputOf<'bind'>['header'] = { callId: 2, pfcFlags: 0x13 },
): Uint8Array {
  return encodePdu({ kind: 'bind', header, body: { maxXmitFrag: limit, maxRecvFrag: limit, contexts } });
}

export function alterOf(contexts: readonly Context[]): Uint8Array {
  const body = { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts };
  return encodePdu({ kind: 'alterContext', header: { callId: 3 }, body });
}

interface CallOptions {
  readonly syntax?: TransferSyntax;
  readonly contextId?: number;
  readonly header?: PduInputOf<'request'>['header'];
  readonly body?: Partial<PduInputOf<'request'>['body']>;
}

/** A call of RequestActivation with this message, in context 0 over NDR32 unless told otherwise. */
export function callOf(message: Uint8Array, options: CallOptions = {}): Uint8Array {
  const { syntax = 'ndr32', contextId = 0, header = {}, body = {} } = options;
  const stub = encodeRequestStub({ message }, stubEncoding(syntax));
  return encodePdu({
    kind: 'request',
    header: { callId: 3, ...header },
    body: { contextId, opnum: 0, stub, ...body },
  });
}
