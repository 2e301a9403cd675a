import type { Random } from '../../support/random';
import { MachinePool, machineName, type StreamMachine } from './machines';
import { drawFromMix } from './mix';
import type { AgainAction, Repeated, Selector, StreamNode, StreamProgram } from './notation';
import { StreamError } from './stream-error';

/** How many machines a stream remembers for renewals unless told otherwise. */
export const DEFAULT_PARK = 100_000;
/** The most steps that one shuffle may hold: all of them stand in memory. */
export const MAX_SHUFFLED = 1_000_000;

export type RequestAction = 'first' | AgainAction;

/** One step of a stream. A request's machine may change in later steps: read what is needed before asking for the next. */
export type StreamStep =
  | StreamRequest
  /** Requests at the same time. */
  | { readonly kind: 'parallel'; readonly requests: readonly StreamRequest[] }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'control'; readonly control: 'reset' | 'restart' };

/** A request of a stream: what is done, and by which machine. */
export interface StreamRequest {
  readonly kind: 'request';
  readonly action: RequestAction;
  readonly machine: StreamMachine;
  /** The machine whose CMID a clone has, else null. */
  readonly original: StreamMachine | null;
}

/** What a stream's steps are drawn by. */
export interface GenerateOptions {
  readonly random: Random;
  /** Machines that are remembered; beyond that the one silent longest is forgotten. */
  readonly park?: number;
}

/**
 * Plays a program: its steps one by one, without an end where it says `*forever`, in memory that the park bounds.
 * @throws StreamError where a machine is to ask again and none of its kind has asked
 */
export function* generate(
  program: StreamProgram,
  options: GenerateOptions,
): Generator<StreamStep, void, void> {
  const context: Context = {
    notation: program.notation,
    park: new MachinePool(options.random.fork('machines'), options.park ?? DEFAULT_PARK),
    random: options.random.fork('order'),
  };
  for (const item of program.items) yield* repeat(item, context);
}

interface Context {
  readonly notation: string;
  readonly park: MachinePool;
  readonly random: Random;
}

function* repeat({ node, times, at }: Repeated, context: Context): Generator<StreamStep, void, void> {
  for (let i = 0; i < times; i++) {
    if (node.kind === 'group') {
      for (const item of node.shuffled ? shuffled(node.items, context) : node.items)
        yield* repeat(item, context);
    } else if (node.kind === 'parallel') {
      yield { kind: 'parallel', requests: requestsOf(node.items, context) };
    } else if (node.kind === 'again' && node.selector.pick === 'all') {
      yield* renewAll(node.selector, at, context);
    } else {
      yield step(node, at, context);
    }
  }
}

function requestsOf(items: readonly Repeated[], context: Context): StreamRequest[] {
  const requests: StreamRequest[] = [];
  for (const item of items) {
    for (const each of repeat(item, context)) if (each.kind === 'request') requests.push(each);
  }
  return requests;
}

/** Each machine of that kind once, the oldest request first; those that ask on the way are not asked again. */
function* renewAll(selector: Selector, at: number, context: Context): Generator<StreamStep, void, void> {
  const machines = context.park.count(selector.of);
  for (let i = 0; i < Math.max(1, machines); i++) yield again('renewal', selector, at, context);
}

function step(
  node: Exclude<StreamNode, { kind: 'group' | 'parallel' }>,
  at: number,
  context: Context,
): StreamStep {
  switch (node.kind) {
    case 'machine':
      return { kind: 'request', action: 'first', machine: context.park.add(node.type), original: null };
    case 'again':
      return again(node.action, node.selector, at, context);
    case 'mix': {
      const drawn = drawFromMix(node.shares, context.random, context.park.size > 0);
      return drawn.kind === 'machine'
        ? { kind: 'request', action: 'first', machine: context.park.add(drawn.type), original: null }
        : again(drawn.action, drawn.selector, at, context);
    }
    case 'wait':
    case 'control':
      return node;
  }
}

function again(
  action: AgainAction,
  selector: Selector,
  at: number,
  { park, notation }: Context,
): StreamRequest {
  const machine = park.ask(selector);
  if (machine === undefined) {
    const kind = selector.of === 'any' ? 'machine' : `${selector.of} machine`;
    const problem =
      park.forgotten === 0
        ? `no ${kind} has asked before this, so none can ask again; put one in front`
        : `no ${kind} is among the ${park.size} that asked last, and those before them are forgotten`;
    throw new StreamError(notation, at, problem);
  }
  if (action === 'clone') {
    const clone = park.add(machine.type, machine.clientMachineId);
    return { kind: 'request', action, machine: clone, original: machine };
  }
  if (action === 'reimage') park.reimage(machine);
  return { kind: 'request', action, machine, original: null };
}

/** The group's steps in an order that the seed gives. */
function shuffled(items: readonly Repeated[], context: Context): Repeated[] {
  const flat: Repeated[] = [];
  flatten(items, flat, context);
  return context.random.shuffle(flat);
}

function flatten(items: readonly Repeated[], into: Repeated[], context: Context): void {
  for (const item of items) {
    for (let i = 0; i < item.times; i++) {
      if (item.node.kind === 'group') flatten(item.node.items, into, context);
      else into.push({ ...item, times: 1 });
      if (into.length > MAX_SHUFFLED) {
        throw new StreamError(context.notation, item.at, `a shuffle holds at most ${MAX_SHUFFLED} steps`);
      }
    }
  }
}

/** What asked, in a few words: `server 3`, `renewal of server 3`, `client 46, a clone of client 4`. */
export function describeRequest({ action, machine, original }: StreamRequest): string {
  const name = machineName(machine);
  switch (action) {
    case 'first':
      return name;
    case 'renewal':
      return `renewal of ${name}`;
    case 'duplicate':
      return `duplicate from ${name}`;
    case 'clone':
      return `${name}, a clone of ${machineName(original!)}`;
    case 'reimage':
      return `${name}, re-imaged`;
  }
}
