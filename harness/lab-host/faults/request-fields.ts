import {
  decodeRequest,
  displayText,
  HRESULT,
  type KmsRequest,
  NIL_GUID,
  REQUEST_SIZE,
} from '../../../protocol';
import { fault } from './fault';
import { refusing } from './overrides';

/** What a buffer of 63 code units holds beside its NUL. */
const LONGEST_NAME = 62;

const nameOf = ({ workstationName }: KmsRequest): string => displayText(workstationName);

/** Faults of which requests are taken. */
export const REQUEST_FAULTS = [
  fault({
    name: 'wants-bigger-requests',
    sentence: 'It refuses requests of fewer than 256 bytes as invalid.',
    requirements: ['MSG-06'],
    override: refusing(HRESULT.invalidData, () => true),
  }),
  fault({
    name: 'refuses-notification',
    sentence: 'It refuses clients in notification, LicenseStatus 5.',
    requirements: ['MSG-10'],
    override: refusing(HRESULT.invalidData, ({ licenseStatus }) => licenseStatus === 5),
  }),
  fault({
    name: 'refuses-extended-grace',
    sentence: 'It takes LicenseStatus 6 for invalid.',
    requirements: ['MSG-10'],
    override: refusing(HRESULT.invalidData, ({ licenseStatus }) => licenseStatus === 6),
  }),
  fault({
    name: 'refuses-virtual',
    sentence: 'It refuses virtual machines.',
    requirements: ['MSG-10', 'CNT-06'],
    override: refusing(HRESULT.invalidData, ({ isVirtualMachine }) => isVirtualMachine !== 0),
  }),
  fault({
    name: 'refuses-previous-cmid',
    sentence: 'It refuses clients whose CMID changed.',
    requirements: ['MSG-10'],
    override: refusing(
      HRESULT.invalidData,
      ({ previousClientMachineId }) => previousClientMachineId !== NIL_GUID,
    ),
  }),
  fault({
    name: 'refuses-empty-name',
    sentence: 'It refuses a client without a workstation name.',
    requirements: ['MSG-11'],
    override: refusing(HRESULT.invalidData, (request) => nameOf(request) === ''),
  }),
  fault({
    name: 'refuses-long-name',
    sentence: 'It refuses workstation names of more than 62 characters.',
    requirements: ['MSG-11'],
    override: refusing(HRESULT.invalidData, (request) => nameOf(request).length > LONGEST_NAME),
  }),
  fault({
    name: 'refuses-foreign-name',
    sentence: 'It refuses workstation names outside ASCII.',
    requirements: ['MSG-11'],
    override: refusing(HRESULT.invalidData, (request) => /[^\0-\x7f]/.test(nameOf(request))),
  }),
  fault({
    name: 'answers-sealed-as-4',
    sentence: 'It answers versions 5 and 6 with a version 4 response.',
    requirements: ['MSG-12'],
    override: ({ answer }) => ({
      answer: (kms, message, caller) => {
        if (!isSealed(message)) return answer(kms, message, caller);
        return { message: kms.respond(BLANK_REQUEST, 1), hresult: HRESULT.ok };
      },
    }),
  }),
] as const;

/** A version 4.0 request of which nothing else is known. */
const BLANK_REQUEST: KmsRequest = {
  ...(decodeRequest(new Uint8Array(REQUEST_SIZE)).value as KmsRequest),
  majorVersion: 4,
};

function isSealed(message: Uint8Array): boolean {
  return message.length > REQUEST_SIZE && (message[2] === 5 || message[2] === 6);
}
