import {
  decodeRequest,
  HRESULT,
  type KmsRequest,
  type KmsResponseInput,
  NIL_GUID,
  REQUEST_SIZE,
} from '../../../protocol';
import type { Caller, Counting } from '../counting';
import { die, meetMessage, meetRequest } from './deadly-message';
import { isVersion4Request } from '../decision';
import { faultyDecide, isCountedThoughRefused } from './faulty-decision';
import { FaultyCounting } from './faulty-counting';
import { FaultyResponses } from './faulty-response';
import type { FaultSet } from './faults';
import type { KmsAnswer } from '../kms-answer';
import type { LabSettings } from '../settings';

/** Where the CMID of a request ends. */
const CMID_END = 80;
/** So many answers until `slow-death` sets in. */
const LIFE_EXPECTANCY = 10_000;

/** The KMS service of a host with faults: what it does otherwise than `LabKms`. */
export class FaultyService {
  readonly responses: FaultyResponses;
  readonly #faults: FaultSet;
  readonly #refusedMachines = new Set<string>();
  #answered = 0;

  constructor(
    private readonly settings: LabSettings,
    private readonly counting: Counting,
  ) {
    this.#faults = settings.faults;
    this.responses = new FaultyResponses(settings);
  }

  /** @throws HostDeath, HostHang */
  meetMessage(message: Uint8Array): void {
    meetMessage(message, this.#faults);
  }

  /** @throws HostDeath, HostHang */
  decide(request: KmsRequest, nowMs: number): number {
    const faults = this.#faults;
    meetRequest(request, faults);
    if (faults.has('wants-bigger-requests')) return HRESULT.invalidData;
    if (this.counting instanceof FaultyCounting && this.counting.isExhausted(request)) {
      return HRESULT.productNotOffered;
    }
    const hresult = faultyDecide(request, this.settings, nowMs, faults);
    if (hresult === HRESULT.ok && this.#refusedMachines.has(request.clientMachineId)) {
      die('dies-of-refusal-then-renewal', faults);
    }
    return hresult;
  }

  /** @param right what a host without faults sends */
  grant(right: KmsResponseInput, request: KmsRequest): KmsAnswer {
    this.#answered++;
    if (
      this.#faults.has('refuses-below-threshold') &&
      right.currentClientCount < request.requiredClientCount
    ) {
      return { message: null, hresult: HRESULT.clientCountTooLow };
    }
    return { message: this.responses.build(right, request), hresult: HRESULT.ok };
  }

  refused(request: KmsRequest, hresult: number, nowMs: number, caller: Caller): void {
    this.#refusedMachines.add(request.clientMachineId);
    this.counting.refused();
    if (isCountedThoughRefused(request, hresult, this.#faults)) this.counting.grant(request, nowMs, caller);
  }

  /** A message came that is no version 4.0 request. @returns what to answer instead of a refusal, if anything */
  answerMalformed(message: Uint8Array, ePid: string, caller: Caller): KmsAnswer | undefined {
    const faults = this.#faults;
    this.malformed();
    const isShort = message.length >= CMID_END && message.length < REQUEST_SIZE;
    const isOther = message.length === REQUEST_SIZE && !isVersion4Request(message);
    if ((faults.has('counts-short-message') && isShort) || (faults.has('counts-other-versions') && isOther)) {
      this.countAnyway(message, caller);
    }
    return faults.has('answers-sealed-as-4') && isSealed(message) ? this.#answerSealed(ePid) : undefined;
  }

  /** Something came that is no request at all. @throws HostDeath */
  malformed(): void {
    this.responses.malformed();
    if (this.#answered > LIFE_EXPECTANCY) die('slow-death', this.#faults);
  }

  /** Counts whatever stands where a request has its fields. */
  countAnyway(message: Uint8Array, caller: Caller): void {
    if (message.length < CMID_END) return;
    const whole = new Uint8Array(REQUEST_SIZE);
    whole.set(message.subarray(0, REQUEST_SIZE));
    whole[2] = 4;
    const { value } = decodeRequest(whole);
    this.counting.grant(value as KmsRequest, this.settings.clock.now(), caller);
  }

  /** Counts a machine that is none, beside the one that asked. */
  countGhost(message: Uint8Array, caller: Caller): void {
    const ghost = Uint8Array.from(message);
    if (ghost.length >= CMID_END) ghost[CMID_END - 1]! ^= 0x80;
    this.countAnyway(ghost, caller);
  }

  #answerSealed(ePid: string): KmsAnswer {
    const blank = decodeRequest(new Uint8Array(REQUEST_SIZE)).value as KmsRequest;
    const response: KmsResponseInput = {
      minorVersion: 0,
      majorVersion: 4,
      ePid,
      clientMachineId: NIL_GUID,
      requestTime: 0n,
      currentClientCount: 1,
      activationIntervalMinutes: this.settings.activationIntervalMinutes,
      renewalIntervalMinutes: this.settings.renewalIntervalMinutes,
    };
    return { message: this.responses.build(response, blank), hresult: HRESULT.ok };
  }

  reset(): void {
    this.#refusedMachines.clear();
    this.#answered = 0;
  }
}

function isSealed(message: Uint8Array): boolean {
  return message.length > REQUEST_SIZE && (message[2] === 5 || message[2] === 6);
}
