import { displayText, PFC } from '../../../protocol';
import { deepFault } from './fault';
import { dyingOfRequest, hangingOnRequest } from './overrides';

const HIGHEST_CONTEXT = 0xffff;
const HIGHEST = 0xffff_ffff;

/** Faults of a host that dies or hangs by a coincidence. */
export const DEEP_DEATH_FAULTS = [
  deepFault({
    name: 'dies-of-virtual-extended-grace',
    sentence: 'It dies of LicenseStatus 6 from a virtual machine.',
    deep: 'alive',
    override: dyingOfRequest(
      ({ licenseStatus, isVirtualMachine }) => licenseStatus === 6 && isVirtualMachine !== 0,
    ),
  }),
  deepFault({
    name: 'dies-of-second-first',
    sentence: 'It dies of a FIRST fragment of one call while another is unfinished.',
    deep: 'alive',
    override: ({ join }, { die }) => ({
      join: (joiner, pdu) => {
        const isFirst = (pdu.header.pfcFlags & PFC.firstFrag) !== 0;
        const isOther = joiner.pending && joiner.pendingCallId !== pdu.header.callId;
        return isFirst && isOther ? die() : join(joiner, pdu);
      },
    }),
  }),
  deepFault({
    name: 'dies-of-unknown-status',
    sentence: 'It dies of a LicenseStatus above 6 with minutes left.',
    deep: 'alive',
    override: dyingOfRequest(
      ({ licenseStatus, bindingExpirationMinutes }) => licenseStatus > 6 && bindingExpirationMinutes > 0,
    ),
  }),
  deepFault({
    name: 'dies-of-full-binding-expiration',
    sentence: 'It dies of a binding expiration of 2^32-1.',
    deep: 'alive',
    override: dyingOfRequest(({ bindingExpirationMinutes }) => bindingExpirationMinutes === HIGHEST),
  }),
  deepFault({
    name: 'dies-of-object-uuid',
    sentence: 'It dies of a request with an object UUID.',
    deep: 'alive',
    override: ({ call }, { die }) => ({
      call: (asked, association) => (asked.body.objectUuid === undefined ? call(asked, association) : die()),
    }),
  }),
  deepFault({
    name: 'dies-of-orphaned-fragments',
    sentence: 'It dies of a call that is orphaned between its fragments.',
    deep: 'alive',
    override: ({ orphaned }, { die }) => ({
      orphaned: (association, joiner) => (joiner.pending ? die() : orphaned(association, joiner)),
    }),
  }),
  deepFault({
    name: 'dies-of-odd-vm-info',
    sentence: 'It dies of a VMInfo with the highest bit set.',
    deep: 'alive',
    override: dyingOfRequest(({ isVirtualMachine }) => isVirtualMachine >= 0x8000_0000),
  }),
  deepFault({
    name: 'dies-of-refusal-then-renewal',
    sentence: 'It dies of a machine that is granted after it was refused.',
    deep: 'alive',
    override: ({ decide, refused, started }, { die }) => {
      const machines = new Set<string>();
      return {
        decide: (request, ...rest) => {
          const hresult = decide(request, ...rest);
          return hresult === 0 && machines.has(request.clientMachineId) ? die() : hresult;
        },
        refused: (refusal, kms) => {
          machines.add(refusal.request.clientMachineId);
          refused(refusal, kms);
        },
        started: (how) => {
          machines.clear();
          started(how);
        },
      };
    },
  }),
  deepFault({
    name: 'hangs-on-long-surrogate-name',
    sentence: 'It hangs on a name of 63 units that has a surrogate.',
    deep: 'time',
    override: hangingOnRequest(({ workstationName }) => {
      const name = displayText(workstationName);
      return name.length === 63 && /[\ud800-\udfff]/.test(name);
    }),
  }),
  deepFault({
    name: 'hangs-on-high-context',
    sentence: 'It hangs on a bind with context id 65535.',
    deep: 'time',
    override: ({ negotiate }, { hang }) => ({
      negotiate: (contexts, ...rest) => {
        const isMet = contexts.some(({ contextId }) => contextId === HIGHEST_CONTEXT);
        return isMet ? hang() : negotiate(contexts, ...rest);
      },
    }),
  }),
  deepFault({
    name: 'hangs-on-empty-fragment',
    sentence: 'It hangs on a fragment without stub.',
    deep: 'time',
    override: ({ join }, { hang }) => ({
      join: (joiner, pdu) => (pdu.body.stub.length === 0 ? hang() : join(joiner, pdu)),
    }),
  }),
] as const;
