import type { AskStep, FuzzCase } from './case';

/** Whether a case is requests on one connection, as one that several cases shared carries them. */
export const isOneConnection = ({ steps }: FuzzCase): boolean =>
  steps.length > 1 && steps.every((step) => step.kind === 'ask' && step.on === 0);

/**
 * What single calls of several cases are that went over one connection, as one case: the calls in their order, and of each the machines that it has.
 * A host remembers more of a connection than its counts: what it does wrong there, none of the cases shows on a connection of its own.
 * Those before the last ask for the other application of the last, so that its counts are as they were.
 * @param cases single calls, at least one
 */
export function joined(cases: readonly FuzzCase[]): FuzzCase {
  const last = cases.at(-1)!;
  if (cases.length === 1) return last;
  const machines: string[] = [];
  const { application } = last.steps[0] as AskStep;
  const others = application === 0 ? 1 : 0;
  const steps = cases.map((one): AskStep => {
    const [step] = one.steps as readonly AskStep[];
    const { machine, previous } = step!;
    const at = machines.push(one.machines[machine]!) - 1;
    const before = previous === null || previous === machine ? null : one.machines[previous]!;
    const previousAt = previous === null ? null : before === null ? at : machines.push(before) - 1;
    return {
      ...step!,
      on: 0,
      machine: at,
      previous: previousAt,
      application: one === last ? application : others,
    };
  });
  return { ...last, level: 'sequence', machines, steps };
}
