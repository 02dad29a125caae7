import { expect } from 'vitest';
import type { DestinationCapabilities } from '../../contracts/capabilities.ts';
import type { Destination } from '../../contracts/destination.ts';
import { parseRelPath } from '../../paths/rel-path.ts';
import { MemoryDestination } from '../../testing/memory-destination.ts';
import { MemoryStore } from '../../testing/memory-store.ts';
import { defaultLimits } from '../conformance-limits.ts';
import { destinationChecks } from '../destination-checks.ts';
import { runCheck } from '../run-check.ts';

/** A destination in memory with one thing wrong. */
export interface Mutant {
  /** What is wrong. */
  readonly wrong: string;
  /** Ids of checks, each of which has to find it. */
  readonly caughtBy: readonly string[];
  /** What it does in place of the sound destination. */
  readonly change: (inner: MemoryDestination) => Partial<Omit<Destination, 'capabilities'>> & {
    readonly capabilities?: Partial<DestinationCapabilities>;
  };
}

const limits = { ...defaultLimits, timeoutMs: 20_000 };

/** Proves that every check that should find what is wrong does, and finds nothing where nothing is wrong. */
export async function expectCaught({ caughtBy, change }: Mutant): Promise<void> {
  for (const id of caughtBy) {
    const check = destinationChecks.find((each) => each.id === id);
    if (check === undefined) throw new Error(`There is no check "${id}".`);
    const store = new MemoryStore();
    const run = { root: parseRelPath('scratch'), limits, seed: 1 };
    const sound = await runCheck(check, { ...run, open: async () => new MemoryDestination(store) });
    expect(sound, `${id} on a sound destination`).toEqual({ status: 'passed' });
    const broken = await runCheck(check, { ...run, open: async () => alter(new MemoryDestination(store), change) });
    expect(broken.status, `${id} on the broken destination`).toBe('failed');
  }
}

function alter(inner: MemoryDestination, change: Mutant['change']): Destination {
  const { capabilities, ...operations } = change(inner);
  return {
    traits: inner.traits,
    stat: (key, options) => inner.stat(key, options),
    read: (key, options) => inner.read(key, options),
    write: (key, content, options) => inner.write(key, content, options),
    flush: (options) => inner.flush(options),
    remove: (key, options) => inner.remove(key, options),
    list: (prefix, options) => inner.list(prefix, options),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    ...operations,
    capabilities: { ...inner.capabilities, ...capabilities },
  };
}
