import { CLIENT_THRESHOLD, type Exchange, SERVER_THRESHOLD } from '../../../protocol';

/** Names the machines of a capture as they come: `server 1`, `client 4 again`. */
export class MachineNames {
  /** The place of each machine in the lists: names themselves would be half of what is kept of a machine. */
  readonly #places = new Map<string, number>();
  readonly #required: number[] = [];
  readonly #numbers: number[] = [];
  readonly #counts = new Map<string, number>();

  describe({ request: { content } }: Exchange): string {
    if (content.kind === 'malformed') return 'malformed request';
    if (content.kind === 'sealed') return `sealed v${content.value.majorVersion}`;
    const { clientMachineId, requiredClientCount } = content.value;
    const known = this.#places.get(clientMachineId);
    if (known !== undefined) return `${kindOf(this.#required[known]!)} ${this.#numbers[known]!} again`;
    const kind = kindOf(requiredClientCount);
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    this.#places.set(clientMachineId, this.#numbers.length);
    this.#required.push(requiredClientCount);
    this.#numbers.push(number);
    return `${kind} ${number}`;
  }
}

function kindOf(requiredClientCount: number): string {
  if (requiredClientCount === CLIENT_THRESHOLD) return 'client';
  return requiredClientCount === SERVER_THRESHOLD ? 'server' : `machine of N ${requiredClientCount}`;
}
