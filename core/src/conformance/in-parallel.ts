/** Does `work` with every item, at most `limit` at once; answers in the items' order. Rejects with the first error once all have stopped. */
export async function inParallel<Item, Answer>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const queue = items.entries();
  const take = async (): Promise<void> => {
    for (const [index, item] of queue) answers[index] = await work(item, index);
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, take));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return answers;
}
