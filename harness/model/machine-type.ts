import type { ProductKey } from '../../protocol';

/** What a machine is; `word` is how the notation called it, and names the machine in what is shown. */
export interface MachineType {
  readonly word: string;
  readonly product: ProductKey;
  readonly virtual: boolean;
}

/** `client` and `server` stand for these products unless a stream names others. */
export const USUAL_CLIENT: MachineType = { word: 'client', product: 'win7', virtual: false };
export const USUAL_SERVER: MachineType = { word: 'server', product: 'r2-b', virtual: false };
export const USUAL_VIRTUAL: MachineType = { word: 'virtual', product: 'win7', virtual: true };
