import {
  encodeResponse,
  filetimeFromUnixMs,
  type KmsRequest,
  type KmsResponseInput,
  LAB_KEY,
  MAC_SIZE,
  type Mac,
  MAX_EPID_SIZE,
  NIL_GUID,
  createMac,
} from '../../../protocol';
import { makeEPid } from '../epid';
import type { FaultSet } from './faults';
import type { LabSettings } from '../settings';

const labMac: Mac = createMac(LAB_KEY);
const LONGEST_EPID = 64;
const MINUTES_OF_30_DAYS = 43_200;
const UNIX_EPOCH = filetimeFromUnixMs(0);

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** Builds responses as a host with faults does: the right values first, then each fault where it bites. */
export class FaultyResponses {
  readonly #faults: FaultSet;
  #previous: KmsRequest | null = null;
  #responses = 0;
  #isTainted = false;

  constructor(private readonly settings: LabSettings) {
    this.#faults = settings.faults;
  }

  /** @param right what a host without faults sends */
  build(right: KmsResponseInput, request: KmsRequest): Uint8Array {
    this.#responses++;
    const value = this.#ePid(this.#times(this.#identity(right, request), request), request);
    const message = this.#cut(this.#sign(encodeResponse(value), request));
    this.#previous = request;
    this.#isTainted = false;
    return message;
  }

  /** A request came that was none. */
  malformed(): void {
    this.#isTainted = true;
  }

  /** What a host without care finds in its buffer behind what it wrote. */
  staleBytes(): Uint8Array {
    return this.#previous === null ? new Uint8Array(0) : nameBytes(this.#previous);
  }

  #identity(value: KmsResponseInput, request: KmsRequest): KmsResponseInput {
    const faults = this.#faults;
    const cmid = request.clientMachineId;
    if (faults.has('answers-as-4-1')) return { ...value, minorVersion: 1 };
    if (faults.has('answers-as-5')) return { ...value, majorVersion: 5 };
    if (faults.has('nil-cmid')) return { ...value, clientMachineId: NIL_GUID };
    if (faults.has('previous-cmid-echo'))
      return { ...value, clientMachineId: request.previousClientMachineId };
    if (faults.has('cmid-byte-order')) return { ...value, clientMachineId: swapFirstGroup(cmid) };
    if (faults.has('cmid-of-last-request')) {
      return { ...value, clientMachineId: this.#previous?.clientMachineId ?? cmid };
    }
    return value;
  }

  #times(value: KmsResponseInput, request: KmsRequest): KmsResponseInput {
    const faults = this.#faults;
    const { activationIntervalMinutes, renewalIntervalMinutes, requestTime } = value;
    const nowMs = this.settings.clock.now();
    if (faults.has('time-in-milliseconds'))
      return { ...value, requestTime: requestTime - (requestTime % 10_000n) };
    if (faults.has('time-of-host')) return { ...value, requestTime: filetimeFromUnixMs(nowMs) };
    if (faults.has('time-before-1970') && request.requestTime < UNIX_EPOCH)
      return { ...value, requestTime: UNIX_EPOCH };
    if (faults.has('activation-interval-60')) return { ...value, activationIntervalMinutes: 60 };
    if (faults.has('renewal-interval-30-days'))
      return { ...value, renewalIntervalMinutes: MINUTES_OF_30_DAYS };
    if (faults.has('zero-intervals')) {
      return { ...value, activationIntervalMinutes: 0, renewalIntervalMinutes: 0 };
    }
    if (faults.has('intervals-swapped')) {
      return {
        ...value,
        activationIntervalMinutes: renewalIntervalMinutes,
        renewalIntervalMinutes: activationIntervalMinutes,
      };
    }
    if (faults.has('intervals-in-seconds')) {
      return {
        ...value,
        activationIntervalMinutes: 60 * activationIntervalMinutes,
        renewalIntervalMinutes: 60 * renewalIntervalMinutes,
      };
    }
    return value;
  }

  #ePid(value: KmsResponseInput, request: KmsRequest): KmsResponseInput {
    const faults = this.#faults;
    const text = value.ePid as string;
    const whole = utf16(`${text}\0`);
    if (faults.has('empty-epid')) return { ...value, ePid: '' };
    if (faults.has('epid-without-nul')) return { ...value, ePid: utf16(text) };
    if (faults.has('epid-in-ascii')) return { ...value, ePid: Buffer.from(`${text}\0`, 'ascii') };
    if (faults.has('odd-pid-size')) return { ...value, ePid: Buffer.concat([whole, Buffer.alloc(1)]) };
    if (faults.has('overlong-epid')) return { ...value, ePid: text.padEnd(LONGEST_EPID, '0') };
    if (faults.has('pid-size-less-nul')) return { ...value, ePidSize: whole.length - 2 };
    if (faults.has('pid-size-in-characters')) return { ...value, ePidSize: whole.length / 2 };
    if (faults.has('epid-per-request'))
      return { ...value, ePid: makeEPid(this.settings.seed, this.#responses) };
    if (faults.has('epid-grows-with-name') && nameBytes(request).length >= 120) {
      return { ...value, ePid: text.padEnd(LONGEST_EPID + 8, '0') };
    }
    if (faults.has('stale-epid-tail') || (faults.has('leaks-name-after-malformed') && this.#isTainted)) {
      return { ...value, ePid: this.#withStaleTail(whole) };
    }
    return value;
  }

  /** An ePID buffer of its full size, of which only the start was written anew. */
  #withStaleTail(whole: Uint8Array): Uint8Array {
    const buffer = Buffer.alloc(MAX_EPID_SIZE);
    buffer.set(this.staleBytes().subarray(0, MAX_EPID_SIZE - whole.length), whole.length);
    buffer.set(whole);
    return buffer;
  }

  #sign(message: Uint8Array, request: KmsRequest): Uint8Array {
    const faults = this.#faults;
    const macStart = message.length - MAC_SIZE;
    const signedFrom = faults.has('mac-less-version') ? 4 : 0;
    message.set(labMac(message.subarray(signedFrom, macStart)), macStart);
    if (faults.has('flipped-mac-bit')) message[macStart]! ^= 1;
    if (faults.has('zero-mac')) message.fill(0, macStart);
    if (faults.has('mac-of-request')) message.set(request.mac, macStart);
    return message;
  }

  #cut(message: Uint8Array): Uint8Array {
    if (this.#faults.has('no-mac-field')) return message.subarray(0, message.length - MAC_SIZE);
    if (this.#faults.has('trailing-message-bytes')) return Buffer.concat([message, Buffer.alloc(4)]);
    return message;
  }
}

/** A workstation name as it was on the wire, less what follows its NUL. */
function nameBytes({ workstationName }: KmsRequest): Uint8Array {
  return typeof workstationName === 'string' ? utf16(workstationName) : workstationName;
}

const swapFirstGroup = (cmid: string): string =>
  cmid.slice(6, 8) + cmid.slice(4, 6) + cmid.slice(2, 4) + cmid.slice(0, 2) + cmid.slice(8);
