import { Register } from './layers/cursor';
import { describeUnread } from './layers/names';
import type { WarningLog } from './warnings';

/** What is not read, and how often it came. */
export interface UnreadPackets {
  /** Such as `Ethertype 0x88E5 (MACsec)`. */
  readonly name: string;
  readonly packets: number;
  /** It carries no IP, so that no connection can be missing because of it. */
  readonly harmless: boolean;
}

/** A file may name any number of numbers: as many kinds are told apart. */
const MAX_KINDS = 1024;
const MAX_PORTS = 4096;

interface Counted {
  readonly register: Register;
  readonly number: number;
  readonly fileOffset: number;
  packets: number;
}

/** Counts what a capture holds beside KMS, for when somebody looks for it there and it is not. */
export class Traffic {
  /** TCP connections, and packets of them. */
  connections = 0;
  tcpPackets = 0;
  /** Packets that were cut, or whose headers cannot be. */
  badPackets = 0;
  readonly #unread = new Map<number, Counted>();
  readonly #ports = new Map<number, number>();

  /** A packet ended in something that is not read. */
  noteUnread(register: Register, number: number, fileOffset: number): void {
    const key = (register << 16) | number;
    const counted = this.#unread.get(key);
    if (counted !== undefined) counted.packets++;
    else if (this.#unread.size < MAX_KINDS)
      this.#unread.set(key, { register, number, fileOffset, packets: 1 });
  }

  /** @param port the one that the connection leads to */
  noteConnection(port: number): void {
    this.connections++;
    const count = this.#ports.get(port);
    if (count !== undefined || this.#ports.size < MAX_PORTS) this.#ports.set(port, (count ?? 0) + 1);
  }

  /** What is not read, the most frequent first. */
  get unread(): UnreadPackets[] {
    return [...this.#unread.values()]
      .sort((a, b) => b.packets - a.packets)
      .map(({ register, number, packets }) => {
        const { name, quiet } = describeUnread(register, number);
        return { name, packets, harmless: quiet };
      });
  }

  /** Ports that connections lead to, the most frequent first. */
  get ports(): { readonly port: number; readonly connections: number }[] {
    return [...this.#ports]
      .map(([port, connections]) => ({ port, connections }))
      .sort((a, b) => b.connections - a.connections || a.port - b.port);
  }

  /** A warning for each kind in which connections may hide. */
  tellUnread(warnings: WarningLog): void {
    for (const { register, number, fileOffset, packets } of this.#unread.values()) {
      const { name, quiet } = describeUnread(register, number);
      const what = packets === 1 ? `1 packet of ${name} is` : `${packets} packets of ${name} are`;
      if (!quiet) warnings.add(fileOffset, `${what} not read: connections inside cannot be seen`);
    }
  }
}
