import {
  createMac,
  decodeRequest,
  encodeResponse,
  HRESULT,
  type KmsRequest,
  type KmsResponseInput,
  LAB_KEY,
  type Mac,
  verifyMac,
} from '../../protocol';
import { CountingModel } from '../model/counting-model';
import { decide, isVersion4Request } from './decision';
import { makeEPid } from './epid';
import { eventLine, malformedEventLine } from './event-line';
import type { LabSettings } from './settings';

/** What RequestActivation returns: a message and 0, or no message and why. */
export type KmsAnswer =
  | { readonly message: Uint8Array; readonly hresult: 0 }
  | { readonly message: null; readonly hresult: number };

/** The lab host signs with the published lab key, and with no other. */
const labMac: Mac = createMac(LAB_KEY);

/** The KMS service behind the RPC server: takes request messages, decides, counts, answers. No sockets, no timers. */
export class LabKms {
  readonly #counting: CountingModel;
  #restarts = 0;
  #ePid: string;

  constructor(private readonly settings: LabSettings) {
    this.#counting = new CountingModel(settings.profile);
    this.#ePid = makeEPid(settings.seed, 0);
  }

  get ePid(): string {
    return this.#ePid;
  }

  /** Answers one request message, whatever its bytes are. */
  answer(message: Uint8Array): KmsAnswer {
    if (!isVersion4Request(message)) return this.#refuseMalformed(message);
    if (this.settings.checkMac && !verifyMac(message, labMac)) return this.#refuseMalformed(message);
    const request = decodeRequest(message).value as KmsRequest;
    const nowMs = this.settings.clock.now();
    const hresult = decide(request, this.settings, nowMs);
    this.settings.onRequest?.(eventLine(hresult, request));
    if (hresult !== HRESULT.ok) return { message: null, hresult };
    return { message: encodeResponse(this.#respond(request, nowMs), labMac), hresult: HRESULT.ok };
  }

  #respond(request: KmsRequest, nowMs: number): KmsResponseInput {
    const count = this.#counting.grant(
      {
        applicationId: request.applicationId,
        clientMachineId: request.clientMachineId,
        requiredClientCount: request.requiredClientCount,
        isVirtualMachine: request.isVirtualMachine !== 0,
      },
      nowMs,
    );
    return {
      minorVersion: request.minorVersion,
      majorVersion: request.majorVersion,
      ePid: this.#ePid,
      clientMachineId: request.clientMachineId,
      requestTime: request.requestTime,
      currentClientCount: count,
      activationIntervalMinutes: this.settings.activationIntervalMinutes,
      renewalIntervalMinutes: this.settings.renewalIntervalMinutes,
    };
  }

  #refuseMalformed(message: Uint8Array): KmsAnswer {
    this.settings.onRequest?.(malformedEventLine(HRESULT.invalidData, message));
    return { message: null, hresult: HRESULT.invalidData };
  }

  /** Forgets records and capacity. */
  reset(): void {
    this.#counting.reset();
  }

  /** As a service that is started again: another ePID, and the count kept or lost as the profile says. */
  restart(): void {
    this.#restarts++;
    this.#ePid = makeEPid(this.settings.seed, this.#restarts);
    if (!this.settings.profile.countSurvivesRestart) this.#counting.reset();
  }
}
