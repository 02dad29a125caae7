import type { Content } from '../../contracts/content.ts';
import type { Entry } from '../../contracts/entry.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { EntryBatch, Source } from '../../contracts/source.ts';
import { rootPath } from '../../paths/rel-path.ts';
import type { StreamSource } from './backup-request.ts';

/** A source that is one file, with what a stream gives. It can be read once. */
export function openStreamSource({ name, open }: StreamSource, { uid, gid }: { uid: number; gid: number }, now: Date): Source {
  const metadata = { mode: 0o644, uid, gid, mtimeNs: BigInt(now.getTime()) * 1_000_000n };
  const root: Entry = { kind: 'directory', path: rootPath, metadata: { ...metadata, mode: 0o755 } };
  const file: Entry = { kind: 'file', path: name as RelPath, metadata, size: 0n };
  const content: Content = { size: undefined, open };
  return {
    traits: { stableIdentity: false, displayName: name },
    async *scan(): AsyncGenerator<EntryBatch> {
      yield [root, file];
    },
    describe: (entries) => Promise.resolve(entries.map((each) => ({ ...each.metadata, xattrs: new Map() }))),
    content: () => content,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
