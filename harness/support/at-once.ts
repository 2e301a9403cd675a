/** Does a job for each item, so many at a time; the results stand in the order of the items. */
export async function mapAtOnce<T, U>(
  items: readonly T[],
  atOnce: number,
  job: (item: T) => Promise<U>,
): Promise<U[]> {
  const results: U[] = [];
  const waiting = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next;
      results[index] = await job(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}
