import { decodeRequest, type KmsRequest, verifyMac } from '../../protocol/message';
import { HRESULT } from '../../protocol/status';
import type { HostCounters } from '../model/host-counters';
import { LabCounting } from './counting';
import { isVersion4Request } from './decision';
import { makeEPid } from './epid';
import { eventLine, malformedEventLine } from './event-line';
import { labMac } from './hooks/conforming-hooks';
import type { Hooks } from './hooks/hooks';
import type { Caller, KmsService, LabRequest } from './hooks/service-hooks';
import type { KmsAnswer } from './kms-answer';
import { OwnCounters } from './own-counters';
import type { LabSettings } from './settings';

/** The KMS service behind the RPC server: takes request messages, decides, counts, answers. No sockets, no timers. */
export class LabKms implements KmsService {
  readonly counting: LabCounting<LabRequest>;
  readonly #hooks: Hooks;
  readonly #own: OwnCounters;
  #restarts = 0;
  #ePid: string;

  constructor(private readonly settings: LabSettings) {
    this.#hooks = settings.hooks;
    this.#own = new OwnCounters(settings);
    this.counting = new LabCounting(settings.profile, settings.hooks);
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
    return this.#hooks.answer(this, message, caller);
  }

  answerMessage(message: Uint8Array, caller: Caller): KmsAnswer {
    const { settings } = this;
    const isRequest = isVersion4Request(message) && (!settings.checkMac || verifyMac(message, labMac));
    if (!isRequest) return this.#refuseMalformed(message, caller);
    const request = decodeRequest(message).value as KmsRequest;
    const hooks = this.#hooks;
    const hresult = hooks.decide(request, settings, settings.clock.now(), hooks.isGranted);
    const answer = hresult === HRESULT.ok ? this.#grant(request, caller) : { message: null, hresult };
    this.#own.note(answer.hresult, request);
    settings.onRequest?.(eventLine(answer.hresult, request));
    if (answer.message === null) hooks.refused({ request, hresult: answer.hresult, caller }, this);
    return answer;
  }

  #grant(request: KmsRequest, caller: Caller): KmsAnswer {
    const count = this.count(request, caller);
    const hresult = this.#hooks.decideCounted(request, count);
    if (hresult !== HRESULT.ok) return { message: null, hresult };
    return { message: this.respond(request, count), hresult: HRESULT.ok };
  }

  count(message: KmsRequest, caller: Caller): number {
    const { applicationId, clientMachineId, requiredClientCount } = message;
    const isVirtualMachine = message.isVirtualMachine !== 0;
    const request = {
      applicationId,
      clientMachineId,
      requiredClientCount,
      isVirtualMachine,
      message,
      caller,
    };
    return this.#hooks.count(this.counting, request, this.settings.clock.now());
  }

  respond(request: KmsRequest, count: number): Uint8Array {
    const hooks = this.#hooks;
    const right = {
      minorVersion: request.minorVersion,
      majorVersion: request.majorVersion,
      ePid: this.#ePid,
      clientMachineId: request.clientMachineId,
      requestTime: request.requestTime,
      currentClientCount: count,
      activationIntervalMinutes: this.settings.activationIntervalMinutes,
      renewalIntervalMinutes: this.settings.renewalIntervalMinutes,
    };
    return hooks.encode(hooks.respond(right, request), request);
  }

  #refuseMalformed(message: Uint8Array, caller: Caller): KmsAnswer {
    this.#hooks.malformed({ kind: 'message', message, caller }, this);
    this.#own.note(HRESULT.invalidData, null);
    this.settings.onRequest?.(malformedEventLine(HRESULT.invalidData, message));
    return { message: null, hresult: HRESULT.invalidData };
  }

  /** What the host tells of itself beside the wire. */
  observe(): HostCounters {
    return this.#hooks.observed(this.#own.read(this.counting.tables, this.#hooks));
  }

  /** Forgets records and capacity. */
  reset(): void {
    this.counting.reset();
    this.#hooks.started('reset');
  }

  /** As a service that is started again: another ePID, and the count kept or lost as the profile says. */
  restart(): void {
    this.#restarts++;
    this.#ePid = makeEPid(this.settings.seed, this.#restarts);
    if (!this.#hooks.survivesRestart(this.settings.profile)) this.counting.reset();
    this.#hooks.started('restart');
  }
}
