import { bindBody, kmsRequest, type Layout, pduHeader, requestBody, requestStub } from '../../../protocol';
import type { FieldChange, FuzzCase, Step } from '../../cases/case';
import type { Finding } from '../../jobs/fuzz';

const RESPONSE = 'kms.response.';

/** Which fields of an answer a difference is about, by what the fuzzer's judge calls it. */
const FIELDS: readonly (readonly [differs: RegExp, ...paths: string[]])[] = [
  [/^count$/, `${RESPONSE}currentClientCount`],
  [/^call_id/, 'rpc.header.callId'],
  [/^context_id$/, 'rpc.response.contextId', 'rpc.fault.contextId'],
  [/^CMID$/, `${RESPONSE}clientMachineId`],
  [/^ClientTime$/, `${RESPONSE}requestTime`],
  [/^version$/, `${RESPONSE}majorVersion`, `${RESPONSE}minorVersion`],
  [/^size$/, `${RESPONSE}ePidSize`],
  [/^ePID is even/, `${RESPONSE}ePidSize`],
  [/^ePID/, `${RESPONSE}ePid`],
  [/^intervals$/, `${RESPONSE}activationIntervalMinutes`, `${RESPONSE}renewalIntervalMinutes`],
  [/^MAC$/, `${RESPONSE}mac`],
  [/^status of a fault$/, 'rpc.fault.status'],
  [/^stub data in a fault$/, 'rpc.fault.stub'],
  [/^size of a refusal$/, 'stub.refusal.responseSize'],
  [/^lengths of the stub$/, 'stub.response.responseSize', 'stub.response.maxCount'],
  [/^octets behind the stub$/, 'stub.response.trailing', 'stub.refusal.trailing'],
  [/^grants what it must not$/, 'stub.response.hresult'],
  [/^answer to a good request$/, 'stub.refusal.hresult', 'rpc.fault.status'],
  [/^offer of ndr32 alone$/, 'rpc.bindAck.results[0].result', 'rpc.bindNak.reason'],
];

/** The fields of the answer that a finding is about; none where nothing came, or where it is about more than a field. */
export function wrongFields({ differs }: Pick<Finding, 'differs'>): readonly string[] {
  const malformed = /^malformed answer, (.+)$/.exec(differs)?.[1];
  if (malformed !== undefined) return [malformed];
  const [, ...paths] = FIELDS.find(([pattern]) => pattern.test(differs)) ?? [/$/];
  return paths;
}

/** The fields of what was sent that are not as clients have them. */
export const unusualFields = (cases: readonly FuzzCase[]): readonly string[] =>
  cases.flatMap(({ steps }) => steps.flatMap(fieldsOf));

function fieldsOf(step: Step): string[] {
  if (step.kind === 'bind') return named(bindBody, step.body);
  if (step.kind !== 'ask') return [];
  return [
    ...named(kmsRequest, step.message),
    ...named(requestStub, step.stub),
    ...named(pduHeader, step.header),
    ...named(requestBody, step.body),
    ...(step.previous === null ? [] : ['kms.request.previousClientMachineId']),
    ...(step.messageSize === null ? [] : ['stub.request.requestSize']),
  ];
}

const named = (of: Layout, changes: readonly FieldChange[]): string[] =>
  changes.map(({ field }) => `${of.name}.${field}`);
