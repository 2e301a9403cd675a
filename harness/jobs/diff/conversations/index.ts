import { OPENING_CASES } from '../../../cases/generate/opening-cases';
import type { AskStep, FuzzCase } from '../../../cases/case';
import { WINDOWS } from '../../../cases/conduct/capabilities';
import type { TargetControls } from '../../../target';
import { CALL_CONVERSATIONS, MANY_CONNECTIONS } from './calls';
import { COUNTING, COUNTING_IN_TIME, MANY_MACHINES } from './counting';
import { MUCH_ENDLESS } from './fragments';
import { MESSAGES, PRODUCT_CONVERSATIONS } from './messages';
import { ask, asks, conversation } from './scripted';

/**
 * What both hosts are asked first, alone, whatever the seed: what the scenarios send, and hold to be worth asking. Conversations that need
 * a clock that can be set are left out where one of the hosts has none.
 */
export function conversationsFor(controls: readonly TargetControls[]): readonly FuzzCase[] {
  const can = (control: 'advanceClock' | 'restart'): boolean =>
    controls.every((one) => one[control] !== undefined);
  const canBeHeld = ({ steps }: FuzzCase): boolean =>
    steps.every(
      ({ kind }) => (kind !== 'advance' || can('advanceClock')) && (kind !== 'restart' || can('restart')),
    );
  return [
    ...COUNTING,
    ...MESSAGES,
    ...PRODUCT_CONVERSATIONS,
    ...CALL_CONVERSATIONS,
    ...OPENING_CASES,
    ...COUNTING_IN_TIME,
    ...MANY,
  ].filter(canBeHeld);
}

/** What takes long comes last. */
const MANY = [...MANY_MACHINES, ...MUCH_ENDLESS, ...MANY_CONNECTIONS];

/** Applications that nobody knows: whether they are granted, and counted apart. */
export const APPLICATION_CONVERSATIONS: readonly FuzzCase[] = [
  conversation([ask(0)]),
  conversation([ask(0), ask(1, { application: 1 })]),
  conversation([ask(0), windowsAsk(1), ask(2)]),
];

function windowsAsk(machine: number): AskStep {
  return asks(machine, { applicationId: WINDOWS });
}
