import { test } from 'vitest';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { contentOf } from '../testing/byte-content.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { expectCaught, type Mutant } from './testing/expect-caught.ts';

const mutants: readonly Mutant[] = [
  {
    wrong: 'a write shows what it has so far, and leaves it when it fails',
    caughtBy: ['write.content-fails', 'write.abort', 'write.readers', 'write.verify', 'random.sequences'],
    change: (inner) => {
      const store = Object.assign(inner.store, { options: { ...inner.store.options, atomicReplace: false } });
      const poor = new MemoryDestination(store);
      return {
        write: async (key, content, options) => {
          const info = await poor.write(key, content, options);
          await options.verify?.({ size: info.size, read: (range) => poor.read(key, range) });
          return info;
        },
      };
    },
  },
  {
    wrong: 'a write swallows the error of its content',
    caughtBy: ['write.content-fails', 'random.sequences'],
    change: (inner) => ({
      write: async (key, content, options) => {
        const chunks: Uint8Array[] = [];
        try {
          for await (const chunk of content.open(options)) chunks.push(chunk);
        } catch {
          // As if that were all.
        }
        return inner.write(key, contentOf(Buffer.concat(chunks)), options);
      },
    }),
  },
  {
    wrong: 'a write does not compare what it got with the size that it was told',
    caughtBy: ['write.wrong-size'],
    change: (inner) => ({
      write: (key, content, options) => inner.write(key, { ...content, size: undefined, open: (o) => content.open(o) }, options),
    }),
  },
  {
    wrong: 'a write goes on although it is aborted',
    caughtBy: ['write.abort', 'write.abort-hanging', 'abort.before'],
    change: (inner) => ({ write: (key, content, { signal: _, ...options }) => inner.write(key, content, options) }),
  },
  {
    wrong: 'a failed write leaves its temporary object',
    caughtBy: ['write.content-fails', 'write.wrong-size', 'random.sequences'],
    change: (inner) => ({
      write: async (key, content, options) => {
        try {
          return await inner.write(key, content, options);
        } catch (error) {
          await inner.write(`${key}.tmp` as RelPath, contentOf('part'), {});
          throw error;
        }
      },
    }),
  },
  {
    wrong: 'an object of the same size is taken for the same object',
    caughtBy: ['stat.version', 'random.sequences'],
    change: (inner) => ({
      write: async (key, content, options) => {
        const old = await inner.stat(key, {});
        return old?.kind === 'file' && old.size === content.size ? old : inner.write(key, content, options);
      },
    }),
  },
  {
    wrong: 'writes at once share one buffer',
    caughtBy: ['write.many-at-once'],
    change: (inner) => {
      const shared = Buffer.alloc(1 << 20);
      return {
        write: async (key, content, options) => {
          let at = 0;
          for await (const chunk of content.open({})) {
            shared.set(chunk, at);
            at += chunk.length;
          }
          return inner.write(key, contentOf(shared.subarray(0, at)), options);
        },
      };
    },
  },
  {
    wrong: 'writes of one key share one temporary object, and the first to end takes it away',
    caughtBy: ['write.one-key-at-once'],
    change: (inner) => {
      const staged = new Map<string, Buffer>();
      return {
        write: async (key, content, options) => {
          let at = 0;
          const buffer = staged.get(key) ?? Buffer.alloc(1 << 22);
          staged.set(key, buffer);
          for await (const chunk of content.open(options)) {
            buffer.set(chunk, at);
            at += chunk.length;
          }
          if (staged.delete(key)) return inner.write(key, contentOf(buffer.subarray(0, at)), options);
          return (await inner.stat(key, {})) ?? { key, kind: 'file', size: BigInt(at) };
        },
      };
    },
  },
  {
    wrong: 'the digest is that of the name',
    caughtBy: ['write.digests'],
    change: (inner) => ({
      write: async (key, content, options) => {
        const info = await inner.write(key, content, options);
        return {
          ...info,
          ...(info.digests === undefined
            ? {}
            : { digests: info.digests.map((digest) => ({ ...digest, value: Buffer.from(key) })) }),
        };
      },
    }),
  },
  {
    wrong: 'the time is cut to seconds, though nanoseconds are promised',
    caughtBy: ['stat.mtime'],
    change: (inner) => ({
      write: (key, content, { mtimeNs, ...options }) =>
        inner.write(key, content, {
          ...options,
          ...(mtimeNs === undefined ? {} : { mtimeNs: mtimeNs - (mtimeNs % 1_000_000_000n) }),
        }),
    }),
  },
  {
    wrong: 'the version is made of size and time',
    caughtBy: ['stat.version'],
    change: (inner) => ({
      stat: async (key, options) => {
        const info = await inner.stat(key, options);
        return info && { ...info, version: `${info.size}-${info.mtimeNs}` };
      },
    }),
  },
  {
    wrong: 'stat rejects for a missing key',
    caughtBy: ['stat.missing'],
    change: (inner) => ({
      stat: async (key, options) => {
        const info = await inner.stat(key, options);
        if (info === undefined) throw new HoldfastError('not-found', 'It is not there.');
        return info;
      },
    }),
  },
  {
    wrong: 'a second opening sees nothing of the first',
    caughtBy: ['write.other-opening', 'lock.exclusive'],
    change: () => {
      const apart = new MemoryDestination(new MemoryStore());
      return {
        stat: (key, options) => apart.stat(key, options),
        read: (key, options) => apart.read(key, options),
        write: (key, content, options) => apart.write(key, content, options),
        remove: (key, options) => apart.remove(key, options),
        list: (prefix, options) => apart.list(prefix, options),
        capabilities: apart.capabilities,
      };
    },
  },
];

test.each(mutants.map((mutant) => [mutant.wrong, mutant] as const))(
  '%s: caught',
  (_wrong, mutant) => expectCaught(mutant),
  60_000,
);
