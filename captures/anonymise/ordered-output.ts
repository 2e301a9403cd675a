import type { PacketToWrite, PacketWriter } from '../write/packet-writer';

/** Packets that may wait behind a fragment whose datagram is not whole. */
export const MAX_WAITING = 10_000;

/** A place in the output whose packet may come later. */
export interface Slot {
  packet: PacketToWrite | null;
  ready: boolean;
}

/** Keeps packets in their order though some are known only when others have come. */
export class OrderedOutput {
  #slots: Slot[] = [];
  written = 0;
  dropped = 0;

  constructor(private readonly writer: PacketWriter) {}

  reserve(): Slot {
    const slot: Slot = { packet: null, ready: false };
    this.#slots.push(slot);
    if (this.#slots.length > MAX_WAITING) this.#drop(this.#slots.shift()!);
    return slot;
  }

  put(packet: PacketToWrite): void {
    if (this.#slots.length === 0) this.#write(packet);
    else Object.assign(this.reserve(), { packet, ready: true });
  }

  /** Writes as far as everything is known. */
  flush(): void {
    let taken = 0;
    for (const slot of this.#slots) {
      if (!slot.ready) break;
      if (slot.packet !== null) this.#write(slot.packet);
      taken++;
    }
    this.#slots.splice(0, taken);
  }

  /** Nothing more comes: places that stayed empty are dropped. */
  finish(): void {
    for (const slot of this.#slots) {
      if (slot.packet === null) this.#drop(slot);
      else this.#write(slot.packet);
    }
    this.#slots = [];
  }

  #drop(slot: Slot): void {
    if (slot.packet !== null) this.#write(slot.packet);
    else this.dropped++;
    slot.ready = true;
  }

  #write(packet: PacketToWrite): void {
    this.written++;
    this.writer.packet(packet);
  }
}
