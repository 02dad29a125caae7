import type { Content } from '../contracts/content.ts';
import { bytesOf } from '../testing/byte-content.ts';
import type { CheckContext } from './check-context.ts';
import { fail } from './expectations.ts';
import { patternBytes, patternContent } from './pattern.ts';

/** One of the objects that take each other's place. */
export interface Version {
  readonly size: number;
  readonly content: () => Content;
}

const sizes = [150_000, 262_144, 90_001];
const versions = sizes.map((size, seed) => ({
  size,
  content: () => patternContent(seed, size, 10_000),
  bytes: patternBytes(seed, 0n, size),
}));
const READERS = 3;

/** Lets versions replace each other at `name` while others read it, and fails where a reader sees none, a part or a mix of them. */
export async function watchReplacements(
  context: CheckContext,
  name: string,
  replace: (version: Version) => Promise<unknown>,
): Promise<void> {
  const [first, ...others] = versions;
  if (first === undefined) return;
  await context.destination.write(context.key(name), first.content(), {});
  const state = { over: false };
  const readers = Promise.all(Array.from({ length: READERS }, () => watch(context, name, state)));
  // Awaited below, when the replacements are over.
  readers.catch(() => undefined);
  try {
    for (let round = 0; round < context.limits.rounds; round++) await replace(others[round % others.length] ?? first);
  } finally {
    state.over = true;
  }
  await readers;
}

async function watch(context: CheckContext, name: string, state: { readonly over: boolean }): Promise<void> {
  while (!state.over) {
    const info = await context.stat(name);
    if (info === undefined) fail(`stat found nothing at "${name}" while it was replaced`);
    if (!sizes.some((size) => BigInt(size) === info.size))
      fail(`stat told ${info.size} bytes while it was replaced: the size of no version`);
    const found = await bytesOf(context.destination.read(context.key(name), {}));
    const isWhole = versions.some(({ bytes }) => found.equals(bytes));
    if (!isWhole) fail(`a reader got ${found.length} bytes that are no version of the object while it was replaced`);
    // A destination that never waits would not let the writer work.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
