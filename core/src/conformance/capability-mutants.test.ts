import { test } from 'vitest';
import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import type { EntryMetadata } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { contentOf } from '../testing/byte-content.ts';
import type { MemoryDestination } from '../testing/memory-destination.ts';
import { expectCaught, type Mutant } from './testing/expect-caught.ts';

/** The capabilities of the sound destination. */
type All = Required<DestinationCapabilities>;
const allOf = (inner: MemoryDestination): All => inner.capabilities as All;

/** A metadata capability that changes what it is given. */
function losing(change: (metadata: EntryMetadata) => EntryMetadata): Mutant['change'] {
  return (inner) => {
    const { metadata } = allOf(inner);
    return {
      capabilities: {
        metadata: {
          read: (...given) => metadata.read(...given),
          apply: (key, entry, given, options) => metadata.apply(key, entry, change(given), options),
        },
      },
    };
  };
}

const mutants: readonly Mutant[] = [
  {
    wrong: 'an extended attribute is lost without a word',
    caughtBy: ['metadata.xattrs'],
    change: losing(({ xattrs, ...rest }) => ({ ...rest, ...(xattrs && { xattrs: new Map([...xattrs].slice(1)) }) })),
  },
  {
    wrong: 'extended attributes that are gone stay',
    caughtBy: ['metadata.xattrs'],
    change: losing(({ xattrs, ...rest }) => (xattrs?.size ? { ...rest, xattrs } : rest)),
  },
  {
    wrong: 'setuid is lost, as by chown(2)',
    caughtBy: ['metadata.round-trip'],
    change: losing((given) => (given.mode === undefined ? given : { ...given, mode: given.mode & 0o1777 })),
  },
  {
    wrong: 'the owner is lost without a word',
    caughtBy: ['metadata.round-trip'],
    change: losing(({ uid: _, gid: __, ...rest }) => rest),
  },
  {
    wrong: 'times are microseconds',
    caughtBy: ['metadata.times'],
    change: losing((given) =>
      given.mtimeNs === undefined ? given : { ...given, mtimeNs: given.mtimeNs - (given.mtimeNs % 1000n) },
    ),
  },
  {
    wrong: 'times before 1970 are cut towards it',
    caughtBy: ['metadata.times'],
    change: losing((given) => (given.mtimeNs === undefined || given.mtimeNs >= 0n ? given : { ...given, mtimeNs: 0n })),
  },
  { wrong: 'flags are lost without a word', caughtBy: ['metadata.flags'], change: losing(({ flags: _, ...rest }) => rest) },
  { wrong: 'what is not told is reset', caughtBy: ['metadata.unknown'], change: losing((given) => ({ mtimeNs: 0n, ...given })) },
  {
    wrong: 'metadata goes through a symbolic link',
    caughtBy: ['metadata.links'],
    change: (inner) => {
      const { metadata } = allOf(inner);
      const follow = (key: RelPath): RelPath => targetOf(inner, key) ?? key;
      return {
        capabilities: {
          metadata: {
            read: (key, options) => metadata.read(key, options),
            apply: (key, ...given) => metadata.apply(follow(key), ...given),
          },
        },
      };
    },
  },
  {
    wrong: 'stat, read and write follow a symbolic link',
    caughtBy: ['links.not-followed', 'links.targets'],
    change: (inner) => {
      const follow = (key: RelPath): RelPath => targetOf(inner, key) ?? key;
      return {
        stat: (key, options) => inner.stat(follow(key), options),
        read: (key, options) => inner.read(follow(key), options),
        write: (key, content, options) => inner.write(follow(key), content, options),
      };
    },
  },
  {
    wrong: 'a write goes through a symbolic link to a directory',
    caughtBy: ['links.not-descended'],
    change: (inner) => ({ write: (key, content, options) => inner.write(throughLinks(inner, key), content, options) }),
  },
  {
    wrong: 'a hard link is a copy',
    caughtBy: ['links.scan'],
    change: (inner) => {
      const { links, copy } = allOf(inner);
      return {
        capabilities: { links: { symlink: (...given) => links.symlink(...given), hardLink: (...given) => copy(...given) } },
      };
    },
  },
  {
    wrong: 'a move copies but leaves its source',
    caughtBy: ['move.moves', 'move.one-step', 'random.sequences'],
    change: (inner) => ({
      capabilities: {
        move: async (from, to, options) => {
          if (inner.store.require(from).kind === 'directory') return allOf(inner).move(from, to, options);
          if (from !== to) await allOf(inner).copy(from, to, options);
        },
      },
    }),
  },
  {
    wrong: 'a move takes away what is in its way first',
    caughtBy: ['move.one-step', 'move.missing', 'random.sequences'],
    change: (inner) => ({
      capabilities: {
        move: async (from, to, options) => {
          if (from !== to) await inner.remove(to, options);
          await new Promise((resolve) => setTimeout(resolve, 1));
          await allOf(inner).move(from, to, options);
        },
      },
    }),
  },
  {
    wrong: 'moving what is missing resolves',
    caughtBy: ['move.missing', 'random.sequences'],
    change: (inner) => ({
      capabilities: {
        move: async (from, to, options) => {
          if ((await inner.stat(from, options)) !== undefined) await allOf(inner).move(from, to, options);
        },
      },
    }),
  },
  {
    wrong: 'a move over another name of the same object does nothing',
    caughtBy: ['move.own-name'],
    change: (inner) => ({
      capabilities: {
        move: async (from, to, options) => {
          if (inner.store.tree.get(from) !== inner.store.tree.get(to) || inner.store.tree.get(from) === undefined)
            await allOf(inner).move(from, to, options);
        },
      },
    }),
  },
  {
    wrong: 'a moved directory leaves behind what is deeper',
    caughtBy: ['move.directory', 'random.sequences'],
    change: (inner) => ({
      capabilities: {
        move: async (from, to, options) => {
          const below = (await Array.fromAsync(inner.list(from, {}))).flat().map(({ key }) => key);
          await allOf(inner).move(from, to, options);
          for (const key of below.filter((each) => each.split('/').length > from.split('/').length + 1))
            await inner.remove((to + key.slice(from.length)) as RelPath, options);
        },
      },
    }),
  },
  {
    wrong: 'a copy is another name',
    caughtBy: ['random.sequences'],
    change: (inner) => {
      const { links, patch, copy } = allOf(inner);
      return {
        capabilities: {
          copy: async (from, to, options) =>
            (await inner.stat(to, {})) === undefined ? links.hardLink(from, to, options) : copy(from, to, options),
          patch: {
            begin: async (key, base, options) => {
              const opened = await patch.begin(key, base, options);
              const node = inner.store.tree.get(key);
              // In place, as pwrite(2) is.
              return {
                ...opened,
                commit: async () => {
                  await opened.commit();
                  if (node !== undefined) node.bytes = inner.store.require(key).bytes;
                },
              };
            },
          },
        },
      };
    },
  },
  {
    wrong: 'create looks first and writes then',
    caughtBy: ['create-only.one-winner'],
    change: (inner) => ({
      capabilities: {
        createOnly: {
          create: async (key, content, options) => {
            if ((await inner.stat(key, options)) !== undefined) return 'exists';
            await inner.write(key, content, options);
            return 'created';
          },
        },
      },
    }),
  },
  {
    wrong: 'create replaces what is there',
    caughtBy: ['create-only.once', 'create-only.one-winner', 'random.sequences'],
    change: (inner) => ({
      capabilities: {
        createOnly: { create: async (key, content, options) => (await inner.write(key, content, options), 'created') },
      },
    }),
  },
  {
    wrong: 'a patch changes the live object',
    caughtBy: ['patch.parts', 'patch.discard'],
    change: (inner) => ({
      capabilities: {
        patch: {
          begin: async (key, base, options) => {
            if (base !== undefined && base !== key) await allOf(inner).copy(base, key, options);
            if (base === undefined) await inner.write(key, contentOf(''), options);
            const { bytes } = inner.store.require(key);
            return {
              writeAt: async (offset, part) => bytes.writeAt(offset, part),
              setSize: async (size) => bytes.setSize(size),
              commit: async () => {},
              discard: async () => {},
            };
          },
        },
      },
    }),
  },
  {
    wrong: 'a discarded patch leaves its temporary object',
    caughtBy: ['patch.discard'],
    change: (inner) => ({
      capabilities: {
        patch: {
          begin: async (key, base, options) => ({
            ...(await allOf(inner).patch.begin(key, base, options)),
            discard: async () => void (await inner.write(`${key}.part` as RelPath, contentOf('part'), {})),
          }),
        },
      },
    }),
  },
  {
    wrong: 'a patch counts offsets in 32 bits',
    caughtBy: ['patch.beyond-4-gib'],
    change: (inner) => ({
      capabilities: {
        patch: {
          begin: async (key, base, options) => {
            const opened = await allOf(inner).patch.begin(key, base, options);
            return { ...opened, writeAt: (offset, bytes) => opened.writeAt(BigInt.asUintN(32, offset), bytes) };
          },
        },
      },
    }),
  },
];

test.each(mutants.map((mutant) => [mutant.wrong, mutant] as const))(
  '%s: caught',
  (_wrong, mutant) => expectCaught(mutant),
  60_000,
);

/** The key that a symbolic link leads to. */
function targetOf(inner: MemoryDestination, key: RelPath): RelPath | undefined {
  const node = inner.store.tree.get(key);
  return node?.kind === 'symlink' ? ((key.slice(0, key.lastIndexOf('/') + 1) + node.target) as RelPath) : undefined;
}

function throughLinks(inner: MemoryDestination, key: RelPath): RelPath {
  let path = '';
  for (const segment of key.split('/')) {
    path = path === '' ? segment : `${path}/${segment}`;
    if (path !== key) path = targetOf(inner, path as RelPath) ?? path;
  }
  return path as RelPath;
}
