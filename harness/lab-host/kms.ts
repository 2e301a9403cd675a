import { createMac, LAB_KEY } from '../../protocol/mac';
import {
  decodeRequest,
  encodeResponse,
  type KmsRequest,
  type KmsResponseInput,
  type Mac,
  verifyMac,
} from '../../protocol/message';
import { HRESULT } from '../../protocol/status';
import { type Caller, type Counting, ReferenceCounting } from './counting';
import { decide, isVersion4Request } from './decision';
import { makeEPid } from './epid';
import { eventLine, malformedEventLine } from './event-line';
import { FaultyCounting } from './faults/faulty-counting';
import { FaultyService } from './faults/faulty-service';
import type { KmsAnswer } from './kms-answer';
import type { LabSettings } from './settings';

/** The lab host signs with the published lab key, and with no other. */
const labMac: Mac = createMac(LAB_KEY);

/** The KMS service behind the RPC server: takes request messages, decides, counts, answers. No sockets, no timers. */
export class LabKms {
  readonly counting: Counting;
  /** What a host with faults does otherwise; null for one without. */
  readonly faulty: FaultyService | null;
  #restarts = 0;
  #ePid: string;

  constructor(private readonly settings: LabSettings) {
    const { profile, faults } = settings;
    this.counting = faults.size === 0 ? new ReferenceCounting(profile) : new FaultyCounting(profile, faults);
    this.faulty = faults.size === 0 ? null : new FaultyService(settings, this.counting);
    this.#ePid = makeEPid(settings.seed, 0);
  }

  get ePid(): string {
    return this.#ePid;
  }

  /**
   * Answers one request message, whatever its bytes are.
   * @throws HostDeath, HostHang from a host whose fault the message brings out
   */
  answer(message: Uint8Array, caller: Caller): KmsAnswer {
    this.faulty?.meetMessage(message);
    if (!isVersion4Request(message)) return this.#refuseMalformed(message, caller);
    if (this.settings.checkMac && !verifyMac(message, labMac)) return this.#refuseMalformed(message, caller);
    const request = decodeRequest(message).value as KmsRequest;
    const nowMs = this.settings.clock.now();
    const hresult =
      this.faulty === null ? decide(request, this.settings, nowMs) : this.faulty.decide(request, nowMs);
    const answer = hresult === HRESULT.ok ? this.#grant(request, nowMs, caller) : { message: null, hresult };
    this.settings.onRequest?.(eventLine(answer.hresult, request));
    if (answer.message === null) this.faulty?.refused(request, answer.hresult, nowMs, caller);
    return answer;
  }

  #grant(request: KmsRequest, nowMs: number, caller: Caller): KmsAnswer {
    const count = this.counting.grant(request, nowMs, caller);
    const response = this.#respond(request, count);
    if (this.faulty !== null) return this.faulty.grant(response, request);
    return { message: encodeResponse(response, labMac), hresult: HRESULT.ok };
  }

  #respond(request: KmsRequest, count: number): KmsResponseInput {
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

  #refuseMalformed(message: Uint8Array, caller: Caller): KmsAnswer {
    const answer = this.faulty?.answerMalformed(message, this.#ePid, caller);
    this.settings.onRequest?.(malformedEventLine(HRESULT.invalidData, message));
    return answer ?? { message: null, hresult: HRESULT.invalidData };
  }

  /** Forgets records and capacity. */
  reset(): void {
    this.counting.reset();
    this.faulty?.reset();
  }

  /** As a service that is started again: another ePID, and the count kept or lost as the profile says. */
  restart(): void {
    this.#restarts++;
    this.#ePid = makeEPid(this.settings.seed, this.#restarts);
    const survives =
      this.settings.profile.countSurvivesRestart || this.settings.faults.has('survives-restart');
    if (!survives) this.counting.reset();
    this.faulty?.reset();
  }
}
