/**
 * Does `work` for each item, at most `limit` at once, and yields what it resolves with in the items' order. Holds `limit` results at most.
 * The first rejection ends it; what is under way then is waited for, and its outcome dropped.
 */
export async function* mapParallel<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const pending: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // It is awaited in its turn; until then it is no unhandled rejection.
      result.catch(() => undefined);
      pending.push(result);
      if (pending.length >= limit) yield await (pending.shift() as Promise<Result>);
    }
    while (pending.length > 0) yield await (pending.shift() as Promise<Result>);
  } finally {
    await Promise.allSettled(pending);
  }
}
