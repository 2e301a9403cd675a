/** So many units of work, how long they took, and how much of a processor, this process's threads together. */
export interface Timed {
  readonly count: number;
  readonly ms: number;
  readonly cpuMs: number;
}

/** @param run returns how many units of work it did */
export async function timed(run: () => Promise<number>): Promise<Timed> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const count = await run();
  const { user, system } = process.cpuUsage(cpu);
  return { count, ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
}

export const perSecond = ({ count, ms }: Timed): number => (1000 * count) / ms;
/** In us; on a machine that does other things too it says more than a rate. */
export const cpuOfEach = ({ count, cpuMs }: Timed): number => (1000 * cpuMs) / count;

/** Of several runs, what the others were kept from by what else the machine does. */
export const quickest = (all: readonly Timed[]): Timed =>
  all.reduce((a, b) => (perSecond(b) > perSecond(a) ? b : a));
export const thriftiest = (all: readonly Timed[]): Timed =>
  all.reduce((a, b) => (cpuOfEach(b) < cpuOfEach(a) ? b : a));
