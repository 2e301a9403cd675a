import {
  bindBody,
  kmsRequest,
  type Layout,
  NIL_GUID,
  pduHeader,
  requestBody,
  requestStub,
} from '../../protocol';
import type { AskStep, FieldChange, FuzzCase, Step } from './case';
import { type ValueMode, VALUE_MODES } from './generate/field-arbitrary';
import { RAW_KINDS } from './generate/raw-arbitrary';

/** Between field and kind. */
export const SEPARATOR = ' ';
/** Clients count their calls from 1. */
const MAX_USUAL_CALL_ID = 1000;

/** Pairs that are no field of a layout with a mode of its own. */
const OTHER_PAIRS = [
  'kms.request.previousClientMachineId known',
  'kms.request size',
  'rpc.request.objectUuid valid',
  'rpc.header.drep big-endian',
  'rpc.fragments cut',
  'rpc.fragments interrupted',
  'rpc.fragments disordered',
  'tcp.segments cut',
  'tcp.close fin',
  'tcp.close reset',
  'calls at-once',
  'calls one-by-one',
  'control advance',
  'control restart',
];

/** Layouts whose fields are varied by name. */
const VARIED: readonly Layout[] = [kmsRequest, requestStub, pduHeader, requestBody, bindBody];

const fieldTag = (of: Layout, field: string, mode: ValueMode): string => `${of.name}.${field} ${mode}`;

/** The tags of all fields, made once: a text that is put together anew is hashed anew wherever it is looked up. */
const TAGS: ReadonlyMap<Layout, ReadonlyMap<string, Readonly<Record<ValueMode, string>>>> = new Map(
  VARIED.map((of) => [of, new Map(Object.keys(of.fields).map((field) => [field, tagsOfField(of, field)]))]),
);

function tagsOfField(of: Layout, field: string): Record<ValueMode, string> {
  return {
    valid: fieldTag(of, field, 'valid'),
    boundary: fieldTag(of, field, 'boundary'),
    hostile: fieldTag(of, field, 'hostile'),
  };
}

/** Every pair that can be told apart: those that a campaign has not sent are rows too, so that one sees what was not tried. */
export const ALL_PAIRS: readonly string[] = [
  ...VARIED.flatMap((of) =>
    Object.keys(of.fields).flatMap((name) => VALUE_MODES.map((mode) => fieldTag(of, name, mode))),
  ),
  ...OTHER_PAIRS,
  ...RAW_KINDS.map(rawTag),
];

/** What a step varies, as `field kind` pairs: for the table, and to tell what a finding is about. */
export function tagsOf(step: Step): string[] {
  switch (step.kind) {
    case 'ask':
      return [
        ...changeTags(kmsRequest, step.message),
        ...changeTags(requestStub, step.stub),
        ...changeTags(pduHeader, step.header),
        ...changeTags(requestBody, step.body),
        ...(step.previous === null ? [] : ['kms.request.previousClientMachineId known']),
        ...(step.messageSize === null ? [] : ['kms.request size']),
        ...(step.objectUuid === null ? [] : ['rpc.request.objectUuid valid']),
        ...(step.bigEndian ? ['rpc.header.drep big-endian'] : []),
        ...(step.fragmentSize === null ? [] : ['rpc.fragments cut']),
        ...(step.cuts.length === 0 ? [] : ['tcp.segments cut']),
      ];
    case 'pieces':
      return [
        `rpc.fragments ${step.pieces.some(({ instead }) => instead !== null) ? 'interrupted' : 'disordered'}`,
      ];
    case 'raw':
      return [rawTag(step.what)];
    case 'bind':
      return ['rpc.bind.contexts valid', ...changeTags(bindBody, step.body)];
    case 'close':
      return [`tcp.close ${step.how}`];
    case 'burst':
      return ['calls at-once'];
    case 'walk':
      return ['calls one-by-one'];
    case 'advance':
    case 'restart':
      return [`control ${step.kind}`];
  }
}

function rawTag(what: string): string {
  return `tcp.stream ${what.replaceAll(SEPARATOR, '-')}`;
}

const changeTags = (of: Layout, changes: readonly FieldChange[]): string[] =>
  changes.map(({ field, mode }) => TAGS.get(of)?.get(field)?.[mode] ?? fieldTag(of, field, mode));

/** Beside what a step says: what is special about the machine that asks, and about the number of its call. */
export function tagsOfAsk({ machines }: FuzzCase, step: AskStep): string[] {
  return [
    ...tagsOf(step),
    ...(machines[step.machine] === NIL_GUID ? ['kms.request.clientMachineId boundary'] : []),
    ...(step.callId > MAX_USUAL_CALL_ID ? ['rpc.header.callId boundary'] : []),
  ];
}
