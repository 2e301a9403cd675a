import { readFileSync } from 'node:fs';

/** The kernel counts processor time in these (proc(5)). */
const TICKS_A_SECOND = 100;

/** Seconds of the processor, user and system, that a process which runs has had until now. Linux alone. @throws Error where it has ended */
export function processorSecondsOf(pid: number): number {
  // Behind the name, which may hold anything: state is the third, user and system time are the 14th and 15th.
  const words = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(words[11]) + Number(words[12])) / TICKS_A_SECOND;
}
