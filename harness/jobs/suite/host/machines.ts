import type { KmsRequestInput, ProductKey } from '../../../../protocol';

/** What a machine of a scenario is: it decides its threshold. */
export type MachineKind = 'client' | 'server' | 'office';

/** What a scenario asks for: a kind of machine, or one that the host grants, whichever it is. */
export type WantedKind = MachineKind | 'any';

/** A machine that asks for activation: what a scenario says of it. Its CMID comes to be when it first asks, and stays. */
export interface Machine {
  readonly kind: WantedKind;
  readonly virtual: boolean;
  /** One product in particular, where it matters. */
  readonly product?: ProductKey;
  /** Fields of its requests that matter; all others are as a real machine has them. */
  readonly fields: Partial<KmsRequestInput>;
}

type Fields = Partial<KmsRequestInput>;

const make = (kind: WantedKind, fields: Fields, virtual = false): Machine => ({ kind, virtual, fields });

/** A machine that the host grants, whatever its system. */
export const machine = (fields: Fields = {}): Machine => make('any', fields);
/** A machine with a client operating system, whose threshold is 25. */
export const client = (fields: Fields = {}): Machine => make('client', fields);
/** A machine with a server operating system, whose threshold is 5. */
export const server = (fields: Fields = {}): Machine => make('server', fields);
/** A virtual machine with a client operating system. */
export const virtualClient = (fields: Fields = {}): Machine => make('client', fields, true);
/** A machine with Office, which is an application of its own. */
export const office = (fields: Fields = {}): Machine => make('office', fields);
/** A machine with that product, whatever the host's other machines have. */
export const machineWith = (product: ProductKey, fields: Fields = {}): Machine => ({
  kind: product === 'office2010' ? 'office' : product === 'vista' || product === 'win7' ? 'client' : 'server',
  virtual: false,
  product,
  fields,
});

const many = (count: number, one: () => Machine): Machine[] => Array.from({ length: count }, one);

/** So many machines that the host grants, whatever their system, each with a CMID of its own, with these fields of the message otherwise. */
export const machines = (count: number, fields: Fields = {}): Machine[] => many(count, () => machine(fields));

/** So many Windows clients, each with a CMID of its own, with these fields of the message otherwise. */
export const clients = (count: number, fields: Fields = {}): Machine[] => many(count, () => client(fields));
/** So many Windows servers, each with a CMID of its own, with these fields of the message otherwise. */
export const servers = (count: number, fields: Fields = {}): Machine[] => many(count, () => server(fields));
