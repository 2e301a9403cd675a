import type { FaultSet } from './faults';

/** What a host with faults remembers for one application. */
export interface Table {
  /** Key of a machine to the time of its last request (ms since 1970), from the oldest request to the newest. */
  records: Map<string, number>;
  capacity: number;
  /** Machines that are counted beside the records. */
  surplus: number;
}

/** The model: `capacity = max(capacity, 2 * max(nPolicy, 1))`. */
export function makeRoom(table: Table, requiredClientCount: number, faults: FaultSet): void {
  const wanted = wantedCapacity(requiredClientCount, faults);
  if (faults.has('never-grows')) {
    table.capacity ||= wanted;
  } else if (faults.has('capacity-follows-request')) {
    table.capacity = wanted;
  } else if (faults.has('shrinking-cache')) {
    table.capacity = wanted;
    shrink(table);
  } else if (!faults.has('growth-one-late') || table.capacity === 0) {
    if (faults.has('growth-forgets') && table.capacity > 0 && wanted > table.capacity) table.records.clear();
    table.capacity = Math.max(table.capacity, wanted);
  }
}

function wantedCapacity(requiredClientCount: number, faults: FaultSet): number {
  const wanted = 2 * Math.max(requiredClientCount, 1);
  if (faults.has('capacity-always-50')) return Math.max(50, wanted);
  if (faults.has('server-cap-5') && requiredClientCount === 5) return 5;
  if (faults.has('no-cap')) return Number.MAX_SAFE_INTEGER;
  if (faults.has('cap-25')) return Math.min(wanted, 25);
  if (faults.has('cap-49')) return Math.min(wanted, 49);
  if (faults.has('cap-51') && wanted >= 50) return Math.max(wanted, 51);
  if (faults.has('cap-below-threshold')) return Math.max(requiredClientCount - 1, 1);
  if (faults.has('required-count-8-bit')) return wanted & 0xff;
  return wanted;
}

function shrink({ records, capacity }: Table): void {
  for (const record of records.keys()) {
    if (records.size <= capacity) return;
    records.delete(record);
  }
}
