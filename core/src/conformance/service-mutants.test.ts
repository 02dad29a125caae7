import { test } from 'vitest';
import type { BatchOperation, BatchResult } from '../contracts/batch.ts';
import type { BatchCapability, DestinationCapabilities } from '../contracts/capabilities.ts';
import type { Digest } from '../contracts/call-options.ts';
import type { Entry } from '../contracts/entry.ts';
import { digestBytes } from '../verification/digest.ts';
import { expectCaught, type Mutant } from './testing/expect-caught.ts';

type All = Required<DestinationCapabilities>;

/** A batch whose operations or answers are changed. */
function batching(change: {
  operation?: (operation: BatchOperation) => BatchOperation;
  answers?: (results: readonly BatchResult[]) => readonly BatchResult[];
}): Mutant['change'] {
  return (inner) => {
    const sound = (inner.capabilities as All).batch;
    const run: BatchCapability['run'] = async function* (operations, options) {
      const changed = async function* () {
        for await (const group of operations) yield group.map((operation) => change.operation?.(operation) ?? operation);
      };
      for await (const results of sound.run(changed(), options)) yield change.answers?.(results) ?? results;
    };
    return { capabilities: { batch: { run } } };
  };
}

/** A scan whose entries are changed. */
function scanning(change: (entries: readonly Entry[]) => readonly Entry[]): Mutant['change'] {
  return (inner) => {
    const sound = (inner.capabilities as All).directories;
    return {
      capabilities: {
        directories: {
          create: (key, options) => sound.create(key, options),
          async *scan(root, options) {
            const entries: Entry[] = [];
            for await (const batch of sound.scan(root, options)) entries.push(...(batch as readonly Entry[]));
            const changed = change(entries);
            for (let start = 0; start < changed.length; start += 500) yield changed.slice(start, start + 500);
          },
        },
      },
    };
  };
}

const mutants: readonly Mutant[] = [
  {
    wrong: 'a scan sorts whole paths as text',
    caughtBy: ['directories.scan-order'],
    change: scanning((entries) => [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))),
  },
  {
    wrong: 'a scan leaves out its root',
    caughtBy: ['directories.scan-order', 'directories.scan-facts'],
    change: scanning((entries) => entries.slice(1)),
  },
  {
    wrong: 'a scan drops the last entry of a batch',
    caughtBy: ['directories.scan-many'],
    change: scanning((entries) => entries.filter((_, index) => index % 500 !== 499)),
  },
  {
    wrong: 'a scan gives an entry twice',
    caughtBy: ['directories.scan-facts'],
    change: scanning((entries) => [...entries, ...entries.slice(-1)]),
  },
  {
    wrong: 'a scan tells cut times',
    caughtBy: ['directories.scan-facts'],
    change: scanning((entries) =>
      entries.map((entry) => ({ ...entry, metadata: { ...entry.metadata, mtimeNs: (entry.metadata.mtimeNs ?? 0n) / 2n } })),
    ),
  },
  {
    wrong: 'a scan loses bytes of link targets that are not UTF-8',
    caughtBy: ['links.targets'],
    change: scanning((entries) =>
      entries.map((entry) => (entry.kind === 'symlink' ? { ...entry, target: entry.target.toWellFormed() } : entry)),
    ),
  },
  {
    wrong: 'making a directory empties it',
    caughtBy: ['directories.create', 'random.sequences'],
    change: (inner) => {
      const sound = (inner.capabilities as All).directories;
      return {
        capabilities: {
          directories: {
            scan: (root, options) => sound.scan(root, options),
            async create(key, options) {
              await sound.create(key, options);
              for (const slot of [...(inner.store.tree.find(key)?.children.values() ?? [])])
                if (slot.children.size === 0) inner.store.tree.clear(slot);
            },
          },
        },
      };
    },
  },
  {
    wrong: 'a digest is kept from the first time',
    caughtBy: ['digests.right'],
    change: (inner) => {
      const sound = (inner.capabilities as All).digests;
      const known = new Map<string, Digest>();
      return {
        capabilities: {
          digests: {
            algorithms: sound.algorithms,
            compute: async (key, algorithm, options) => {
              const digest = known.get(algorithm) ?? (await sound.compute(key, algorithm, options));
              known.set(algorithm, digest);
              return digest;
            },
          },
        },
      };
    },
  },
  {
    wrong: 'the digest of a missing key is that of nothing',
    caughtBy: ['digests.right'],
    change: (inner) => {
      const sound = (inner.capabilities as All).digests;
      return {
        capabilities: {
          digests: {
            algorithms: sound.algorithms,
            compute: async (key, algorithm, options) =>
              (await inner.stat(key, options)) === undefined
                ? digestBytes(algorithm, new Uint8Array())
                : sound.compute(key, algorithm, options),
          },
        },
      };
    },
  },
  {
    wrong: 'everybody gets the lock',
    caughtBy: ['lock.exclusive', 'lock.one-winner'],
    change: () => ({ capabilities: { lock: { acquire: async () => ({ async [Symbol.asyncDispose]() {} }) } } }),
  },
  {
    wrong: 'a lock is freed again from under its next holder',
    caughtBy: ['lock.exclusive'],
    change: (inner) => {
      const sound = (inner.capabilities as All).lock;
      return {
        capabilities: {
          lock: {
            acquire: async (key, note, options) => {
              await sound.acquire(key, note, options);
              return {
                async [Symbol.asyncDispose]() {
                  inner.store.locks.delete(key);
                },
              };
            },
          },
        },
      };
    },
  },
  {
    wrong: 'a lock is never freed',
    caughtBy: ['lock.exclusive', 'lock.one-winner'],
    change: (inner) => {
      const sound = (inner.capabilities as All).lock;
      return {
        capabilities: {
          lock: { acquire: async (...given) => (await sound.acquire(...given), { async [Symbol.asyncDispose]() {} }) },
        },
      };
    },
  },
  {
    wrong: 'a copy goes on although it is aborted',
    caughtBy: ['abort.capabilities'],
    change: (inner) => ({ capabilities: { copy: (from, to) => (inner.capabilities as All).copy(from, to, {}) } }),
  },
  {
    wrong: 'the last range of data is lost',
    caughtBy: ['extents.data'],
    change: (inner) => ({
      capabilities: {
        async *extents(key, options) {
          yield* (await Array.fromAsync((inner.capabilities as All).extents(key, options))).slice(0, -1);
        },
      },
    }),
  },
  {
    wrong: 'more is free than there is',
    caughtBy: ['usage.sane'],
    change: () => ({ capabilities: { usage: { usage: async () => ({ totalBytes: 1n, freeBytes: 2n }) } } }),
  },
  {
    wrong: 'a batch does not answer for one operation',
    caughtBy: ['batch.store', 'batch.failures'],
    change: batching({ answers: (results) => results.filter(({ id }) => id !== 20) }),
  },
  {
    wrong: 'a batch answers twice',
    caughtBy: ['batch.store', 'batch.kinds'],
    change: batching({ answers: (results) => [...results, ...results.slice(0, 1)] }),
  },
  {
    wrong: 'a batch swallows failures',
    caughtBy: ['batch.failures', 'batch.links'],
    change: batching({ answers: (results) => results.map(({ error: _, ...rest }) => rest) }),
  },
  {
    wrong: 'a batch ends at the first failure',
    caughtBy: ['batch.failures'],
    change: batching({
      answers: (results) => {
        if (results.some(({ error }) => error !== undefined)) throw new Error('One failed.');
        return results;
      },
    }),
  },
  {
    wrong: 'a batch replaces without displacing',
    caughtBy: ['batch.displace', 'batch.rearrange'],
    change: batching({
      operation: (operation) => {
        const { displaceTo: _, ...rest } = operation as BatchOperation & { displaceTo?: unknown };
        return rest;
      },
    }),
  },
  {
    wrong: 'a batch does not look whether a file is the one that was scanned',
    caughtBy: ['batch.failures'],
    change: batching({
      operation: (operation) =>
        operation.op === 'store' && operation.local.ino === 1n
          ? { op: 'inspect', id: operation.id, key: operation.key }
          : operation,
    }),
  },
  {
    wrong: 'a batch finds everything equal',
    caughtBy: ['batch.compare'],
    change: batching({
      answers: (results) => results.map((result) => (result.equal === undefined ? result : { ...result, equal: true })),
    }),
  },
  {
    wrong: 'a batch gives the digest of another operation',
    caughtBy: ['batch.store'],
    change: batching({
      answers: (results) =>
        results.map((result, index) => ({
          ...result,
          ...((results[index - 1] ?? result).digest && { digest: (results[index - 1] ?? result).digest }),
        })),
    }),
  },
  {
    wrong: 'a clone goes on sharing when the original changes',
    caughtBy: ['clone-from.shares'],
    change: (inner) => {
      const clone = (inner.capabilities as All).cloneFrom;
      let last: Parameters<typeof clone>[0] | undefined;
      return {
        read: async function* (key, options) {
          if (last !== undefined) await clone(last, key, options);
          yield* inner.read(key, options);
        },
        capabilities: { cloneFrom: (local, ...given) => clone((last = local), ...given) },
      };
    },
  },
];

test.each(mutants.map((mutant) => [mutant.wrong, mutant] as const))(
  '%s: caught',
  (_wrong, mutant) => expectCaught(mutant),
  60_000,
);
