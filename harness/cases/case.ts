import type { TransferSyntax } from '../../protocol';
import type { ValueMode } from './generate/field-arbitrary';

/** What a case varies, from the innermost to the outermost; `control` cases also restart the host and set its clock. */
export const CASE_LEVELS = [
  'message',
  'stub',
  'pdu',
  'fragments',
  'tcp',
  'sequence',
  'recorded',
  'control',
] as const;
export type CaseLevel = (typeof CASE_LEVELS)[number];

/** One field that is not as a real client has it. */
export interface FieldChange {
  readonly field: string;
  readonly mode: ValueMode;
  readonly value: unknown;
}

/** A machine of the case's few, or a value: GUID fields are where machines can be confused. */
export type MachineIndex = number;

/** A request for activation, and all the ways in which it can be unusual. */
export interface AskStep {
  readonly kind: 'ask';
  /** Which connection of the case; it is opened and bound when it is first used. */
  readonly on: number;
  readonly machine: MachineIndex;
  readonly application: 0 | 1;
  /** A server sends N_Policy 5, a client 25. */
  readonly server: boolean;
  readonly message: readonly FieldChange[];
  /** CMID_prev is that of this machine of the case. */
  readonly previous: MachineIndex | null;
  readonly syntax: TransferSyntax;
  readonly callId: number;
  readonly stub: readonly FieldChange[];
  /** Bytes that the message has instead of 252. */
  readonly messageSize: number | null;
  readonly header: readonly FieldChange[];
  readonly body: readonly FieldChange[];
  readonly objectUuid: string | null;
  readonly bigEndian: boolean;
  /** Bytes of stub to a fragment; null for a whole call. */
  readonly fragmentSize: number | null;
  /** Where TCP segments end, in bytes of the call. */
  readonly cuts: readonly number[];
}

/** A request as clients send it: cases say what is otherwise. */
export const GOOD_ASK: AskStep = {
  kind: 'ask',
  on: 0,
  machine: 0,
  application: 0,
  server: true,
  message: [],
  previous: null,
  syntax: 'ndr32',
  callId: 1,
  stub: [],
  messageSize: null,
  header: [],
  body: [],
  objectUuid: null,
  bigEndian: false,
  fragmentSize: null,
  cuts: [],
};

/** One fragment that a client sends as it likes. */
export interface Piece {
  readonly first: boolean;
  readonly last: boolean;
  readonly size: number;
  /** Added to the call_id of the first piece. */
  readonly callIdOffset: 0 | 1;
  /** What is sent instead of a fragment. */
  readonly instead: 'orphaned' | 'co_cancel' | null;
}

/** Fragments of a good request in any order and number. */
export interface PiecesStep {
  readonly kind: 'pieces';
  readonly on: number;
  readonly machine: MachineIndex;
  readonly application: 0 | 1;
  readonly callId: number;
  readonly pieces: readonly Piece[];
}

/** Bytes of no meaning, or mutants of recorded ones. */
export interface RawStep {
  readonly kind: 'raw';
  readonly on: number;
  readonly bytes: Uint8Array;
  readonly cuts: readonly number[];
  /** Whether the connection is bound first. */
  readonly bound: boolean;
  readonly mode: ValueMode;
  readonly what: string;
  /** No answer is waited for: the connection stays as it is while others are used. */
  readonly held?: true;
}

/** A bind on a new connection, an alter_context on one that is bound. */
export interface BindStep {
  readonly kind: 'bind';
  readonly on: number;
  readonly contextId: number;
  readonly syntax: TransferSyntax;
  readonly features: boolean;
  readonly body: readonly FieldChange[];
  /** It asks for the association group of this connection. */
  readonly groupOf?: number;
}

export interface CloseStep {
  readonly kind: 'close';
  readonly on: number;
  readonly how: 'fin' | 'reset';
  /** Bytes of a good request that are sent first; null for none. */
  readonly after: number | null;
}

/**
 * Requests at once, a connection each: of new machines, and afterwards of each of them alone, and of a further one; or of one machine of the case,
 * whose requests may come in any order and leave the same.
 */
export interface BurstStep {
  readonly kind: 'burst';
  readonly machine?: MachineIndex;
  readonly count: number;
  readonly server: boolean;
  readonly requiredClientCount: number | null;
  readonly application: 0 | 1;
}

/** New machines that ask one after the other on one connection, so that the host counts through every number on the way. */
export interface WalkStep {
  readonly kind: 'walk';
  readonly count: number;
  readonly server: boolean;
  readonly application: 0 | 1;
}

export interface AdvanceStep {
  readonly kind: 'advance';
  readonly seconds: number;
}

export interface RestartStep {
  readonly kind: 'restart';
}

export type Step =
  | AskStep
  | PiecesStep
  | RawStep
  | BindStep
  | CloseStep
  | BurstStep
  | WalkStep
  | AdvanceStep
  | RestartStep;

/**
 * One fuzz case: a few steps in order, plain data. It brings applications and machines of its own, so that what a host
 * answers does not depend on the cases before it, where the host grants any application.
 */
export interface FuzzCase {
  readonly level: CaseLevel;
  /** AppIDs. */
  readonly applications: readonly [string, string];
  /** CMIDs. */
  readonly machines: readonly string[];
  /** A part of all workstation names, by which a leak is told. */
  readonly canary: number;
  readonly steps: readonly Step[];
}

/** Requests that a case sends, for judging how small it is: those by which the host is looked into behind a burst are none of them. */
export function requestsOf(cases: readonly FuzzCase[]): number {
  return cases.flatMap(({ steps }) => steps).reduce((sum, step) => sum + requestsOfStep(step), 0);
}

function requestsOfStep(step: Step): number {
  switch (step.kind) {
    case 'ask':
    case 'pieces':
    case 'raw':
      return 1;
    case 'burst':
    case 'walk':
      return step.count;
    case 'bind':
    case 'close':
    case 'advance':
    case 'restart':
      return 0;
  }
}

/** A case as JSON: bigints and bytes are marked. */
export function caseToJson(value: FuzzCase): unknown {
  return JSON.parse(JSON.stringify(marked(value)));
}

function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (value instanceof Uint8Array) return { $hex: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, marked(part)]));
}

/** The context that a connection has negotiated. */
export interface BoundContext {
  readonly contextId: number;
  readonly syntax: TransferSyntax;
}
