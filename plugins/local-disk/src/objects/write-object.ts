import { createDigest, HoldfastError } from '@holdfast/core/plugin';
import type { Content, Digest, ObjectInfo, RelPath, WriteOptions } from '@holdfast/core/plugin';
import { scratch } from '../store/scratch.ts';
import type { DiskRoot } from './disk-root.ts';
import { objectInfo } from './object-info.ts';
import { StagedFile } from './staged-file.ts';

/** Writes under a temporary name, puts it on the disk, and lets it take the key's name in one step. */
export async function writeObject(root: DiskRoot, key: RelPath, content: Content, options: WriteOptions): Promise<ObjectInfo> {
  options.signal?.throwIfAborted();
  await using staged = new StagedFile(root, key);
  const digests = await stage(staged, key, content, options);
  staged.publish();
  return { ...objectInfo(key, scratch.target), ...(digests.length === 0 ? {} : { digests }) };
}

/** Writes only where nothing is. A file that exists is whole: it takes its name when it is finished. */
export async function createObject(
  root: DiskRoot,
  key: RelPath,
  content: Content,
  options: WriteOptions,
): Promise<'created' | 'exists'> {
  options.signal?.throwIfAborted();
  await using staged = new StagedFile(root, key);
  await stage(staged, key, content, options);
  return staged.publishNew() ? 'created' : 'exists';
}

async function stage(staged: StagedFile, key: RelPath, content: Content, options: WriteOptions): Promise<readonly Digest[]> {
  const { signal } = options;
  const running = (options.digests ?? []).map(createDigest);
  let size = 0;
  for await (const chunk of content.open(signal === undefined ? {} : { signal })) {
    signal?.throwIfAborted();
    if (content.size !== undefined && BigInt(size + chunk.length) > content.size)
      throw wrongSize(key, content.size, size + chunk.length);
    staged.writeAt(chunk, size);
    for (const digest of running) digest.update(chunk);
    size += chunk.length;
  }
  signal?.throwIfAborted();
  if (content.size !== undefined && BigInt(size) !== content.size) throw wrongSize(key, content.size, size);
  if (options.mtimeNs !== undefined) staged.setTime(options.mtimeNs);
  await options.verify?.(staged.view(BigInt(size)));
  await staged.sync();
  signal?.throwIfAborted();
  return running.map((digest) => digest.digest());
}

function wrongSize(key: RelPath, expected: bigint, found: number): HoldfastError {
  return new HoldfastError(
    'source-changed',
    `Cannot write "${key}": its content has ${found} bytes or more, not the ${expected} that it was said to have.`,
    { path: key },
  );
}
