import { APPLICATIONS, type KmsRequestInput, type ProductKey } from '../../protocol';

export type MachineKind = 'client' | 'server' | 'office';

/** A machine that asks for activation: what a scenario says of it. Its CMID comes to be when it first asks, and stays. */
export interface Machine {
  readonly kind: MachineKind;
  readonly virtual: boolean;
  /** One product in particular, where it matters. */
  readonly product?: ProductKey;
  /** Fields of its requests that matter; all others are as a real machine has them. */
  readonly fields: Partial<KmsRequestInput>;
}

type Fields = Partial<KmsRequestInput>;

const machine = (kind: MachineKind, fields: Fields, virtual = false): Machine => ({ kind, virtual, fields });

/** A machine with a client operating system, whose threshold is 25. */
export const client = (fields: Fields = {}): Machine => machine('client', fields);
/** A machine with a server operating system, whose threshold is 5. */
export const server = (fields: Fields = {}): Machine => machine('server', fields);
/** A virtual machine with a client operating system. */
export const virtualClient = (fields: Fields = {}): Machine => machine('client', fields, true);
/** A machine with Office, which is an application of its own. */
export const office = (fields: Fields = {}): Machine => machine('office', fields);
/** A machine with that product, whatever the host's other machines have. */
export const machineWith = (product: ProductKey, fields: Fields = {}): Machine => ({
  kind: product === 'office2010' ? 'office' : product === 'vista' || product === 'win7' ? 'client' : 'server',
  virtual: false,
  product,
  fields,
});

const many = (count: number, make: () => Machine): Machine[] => Array.from({ length: count }, make);

export const clients = (count: number, fields: Fields = {}): Machine[] => many(count, () => client(fields));
export const servers = (count: number, fields: Fields = {}): Machine[] => many(count, () => server(fields));

/** The application that a machine's requests are counted under. */
export const applicationOf = ({ kind }: Machine): string =>
  kind === 'office' ? APPLICATIONS.office2010 : APPLICATIONS.windows;
