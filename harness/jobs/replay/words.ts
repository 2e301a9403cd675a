import { CLIENT_THRESHOLD, type Exchange, SERVER_THRESHOLD } from '../../../protocol';

/** Names the machines of a capture as they come: `server 1`, `client 4 again`. */
export class MachineNames {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  describe({ request: { content } }: Exchange): string {
    if (content.kind === 'malformed') return 'malformed request';
    if (content.kind === 'sealed') return `sealed v${content.value.majorVersion}`;
    const { clientMachineId, requiredClientCount } = content.value;
    const known = this.#names.get(clientMachineId);
    if (known !== undefined) return `${known} again`;
    const kind = kindOf(requiredClientCount);
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const name = `${kind} ${number}`;
    this.#names.set(clientMachineId, name);
    return name;
  }
}

function kindOf(requiredClientCount: number): string {
  if (requiredClientCount === CLIENT_THRESHOLD) return 'client';
  return requiredClientCount === SERVER_THRESHOLD ? 'server' : `machine of N ${requiredClientCount}`;
}
