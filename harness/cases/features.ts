import { NIL_GUID } from '../../protocol';
import type { FuzzCase, Step } from './case';
import { tagsOf } from './tags';

/** What there is to a case, however large: fields and kinds, and how its steps belong together. */
export function featuresOf(cases: readonly FuzzCase[]): ReadonlySet<string> {
  const fields = cases.flatMap((one) => one.steps.flatMap(tagsOf)).map(withoutMode);
  return new Set([...fields, ...cases.flatMap(structureOf)]);
}

/** What a CMID_prev that is the machine's own is called, however it came to be so. */
const OWN_PREVIOUS = ['kms.request.previousClientMachineId known', 'previous itself'];

/** What there is to cases, and what that stands for: a machine whose CMID is zeros, and that has no other CMID_prev, sends its own as such. */
export function shownBy(cases: readonly FuzzCase[]): ReadonlySet<string> {
  const isOwn = ({ machines, steps }: FuzzCase): boolean =>
    steps.some(
      (step) => step.kind === 'ask' && step.previous === null && machines[step.machine] === NIL_GUID,
    );
  return new Set([...featuresOf(cases), ...(cases.some(isOwn) ? OWN_PREVIOUS : [])]);
}

/** The same fault shows with boundary values and with hostile ones. */
const withoutMode = (tag: string): string => tag.replace(/ (valid|boundary|hostile)$/, '');

function structureOf({ steps, machines }: FuzzCase): string[] {
  const asks = steps.filter((step) => step.kind === 'ask');
  const used = asks.map(({ machine, application }) => `${machine}/${application}`);
  const special = asks.map(({ machine }) => machines[machine] ?? '').map(specialMachine);
  return [
    ...special,
    ...(new Set(used).size < used.length ? ['machine again'] : []),
    ...(new Set(asks.map(({ application }) => application)).size > 1 ? ['applications two'] : []),
    ...(new Set(steps.map(connectionOf).filter((on) => on !== null)).size > 1 ? ['connections several'] : []),
    ...asks.filter(({ previous, machine }) => previous === machine).map(() => 'previous itself'),
  ].filter((feature) => feature !== '');
}

/** What a host may trip over in a CMID; empty for what is like any other. */
export function specialMachine(machine: string): string {
  if (machine === NIL_GUID) return 'machine nil';
  return machine.endsWith('ff') ? 'machine ff' : '';
}

const connectionOf = (step: Step): number | null => ('on' in step ? step.on : null);
