import type { KeyGroupSetting } from '../../../protocol/products';
import type { KmsRequest, KmsResponseInput } from '../../../protocol/message';
import type { TransferSyntax } from '../../../protocol/syntax';
import type { CountedRequest } from '../../model/counting-model';
import type { HostCounters } from '../../model/host-counters';
import type { Profile } from '../../model/profile';
import type { LabCounting } from '../counting';
import type { CountingRules } from '../counting-rules';
import type { DecisionRules } from '../decision';
import type { KmsAnswer } from '../kms-answer';

/** Who asks. A conforming host does not care; faults do. */
export interface Caller {
  readonly syntax: TransferSyntax;
  /** Stands for the connection. */
  readonly connection: object;
  /** Of the address that it came by. */
  readonly family: 4 | 6;
  /** The last read of the call began behind the header of its PDU. */
  readonly wasSplitBehindHeader: boolean;
}

/** A granted request on its way to be counted. */
export interface LabRequest extends CountedRequest {
  readonly message: KmsRequest;
  readonly caller: Caller;
}

/** The KMS service as hooks may use it. */
export interface KmsService {
  readonly counting: LabCounting<LabRequest>;
  /** Answers a message as it would without the hook `answer`. */
  answerMessage(message: Uint8Array, caller: Caller): KmsAnswer;
  /** Counts a request, whether it is to be granted or not. @returns the Count to answer */
  count(request: KmsRequest, caller: Caller): number;
  /** The message that answers a request with this count. */
  respond(request: KmsRequest, count: number): Uint8Array;
}

/** A request that was refused, and why. */
export interface Refusal {
  readonly request: KmsRequest;
  readonly hresult: number;
  readonly caller: Caller;
}

/** Where the KMS service may behave otherwise: who is granted, how it counts, what it answers. */
export interface ServiceHooks extends CountingRules<LabRequest> {
  /** Answers a message, whatever its bytes are. */
  readonly answer: (kms: KmsService, message: Uint8Array, caller: Caller) => KmsAnswer;
  /** @returns the HRESULT of a well-formed version 4.0 request: 0 where it is granted */
  readonly decide: (
    request: KmsRequest,
    rules: DecisionRules,
    nowMs: number,
    isGranted: ServiceHooks['isGranted'],
  ) => number;
  /** Whether the host's key activates the product of a request. */
  readonly isGranted: (request: KmsRequest, keyGroup: KeyGroupSetting) => boolean;
  readonly refused: (refusal: Refusal, kms: KmsService) => void;
  /** @returns the Count to answer to a granted request */
  readonly count: (counting: LabCounting<LabRequest>, request: LabRequest, nowMs: number) => number;
  /** @returns the HRESULT of a request that was counted: 0 where it is granted */
  readonly decideCounted: (request: KmsRequest, count: number) => number;
  /** The fields of a response. */
  readonly respond: (right: KmsResponseInput, request: KmsRequest) => KmsResponseInput;
  /** The bytes of a response, its MAC included. */
  readonly encode: (response: KmsResponseInput, request: KmsRequest) => Uint8Array;
  /** The service was reset, or started again. */
  readonly started: (how: 'reset' | 'restart') => void;
  /** What the host tells of itself beside the wire. */
  readonly observed: (right: HostCounters) => HostCounters;
  /** Whether the count outlives the service. */
  readonly survivesRestart: (profile: Profile) => boolean;
}
