import type { ItemEvent } from '@holdfast/core';

/** What was done with an item, for people. */
export const itemWords: Readonly<Record<ItemEvent['op'], string>> = {
  store: 'copied',
  patch: 'copied',
  link: 'linked',
  move: 'moved',
  metadata: 'updated',
  keep: 'kept',
  retire: 'deleted',
  skip: 'skipped',
  verify: 'verified',
  repair: 'repaired',
};
