import type { BatchResult } from '../../contracts/batch.ts';
import type { Entry } from '../../contracts/entry.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import { joinPath, parentPath } from '../../paths/rel-path.ts';
import { inspectSingly } from './inspect-singly.ts';
import type { Operation, OperationOf } from './operation.ts';
import type { OperationContext } from './operation-context.ts';

type Outcome = Omit<BatchResult, 'id'>;

/** Makes `key` what the entry is by single calls; what the destination cannot hold as it is stays in the layout's record. */
export async function storeSingly(operation: OperationOf<'store'>, context: OperationContext): Promise<Outcome> {
  const { entry, key } = operation;
  const { destination, batch } = context;
  const displaced = await displace(key, operation.displaceTo, context, entry.kind === 'directory');
  if (entry.kind === 'file' || entry.kind === 'image') {
    const info = await destination.write(key, operation.content, {
      ...batch,
      digests: batch.digest === undefined ? [] : [batch.digest],
      ...mtimeOf(entry),
    });
    const outcome = await metadataSingly({ ...operation, op: 'metadata' }, context);
    const digest = info.digests?.find((each) => each.algorithm === batch.digest);
    const bytes = { bytesRead: entry.size, bytesWritten: entry.size };
    return { ...outcome, ...bytes, displaced, method: 'read-write', ...(digest === undefined ? {} : { digest }) };
  }
  if (!(await makeOther(operation, context))) return { displaced, notKept: [entry.kind] };
  if (entry.kind === 'directory') return { ...(await inspectSingly({ ...operation, op: 'inspect' }, context)), displaced };
  return { ...(await metadataSingly({ ...operation, op: 'metadata' }, context)), displaced };
}

/** Applies the metadata of the source's entry, where the destination keeps any. */
export async function metadataSingly(operation: OperationOf<'metadata'>, context: OperationContext): Promise<Outcome> {
  const { destination, source, batch } = context;
  const { metadata } = destination.capabilities;
  let notKept: readonly string[] = [];
  let isBare: boolean | undefined;
  if (metadata !== undefined) {
    const [all] = await source.describe([operation.entry], batch);
    const { uid, gid, xattrs, ...rest } = all ?? operation.entry.metadata;
    const owner = batch.preserve.owner && uid !== undefined && gid !== undefined ? { uid, gid } : {};
    const wanted = { ...rest, ...owner, ...(batch.preserve.xattrs && xattrs !== undefined ? { xattrs } : {}) };
    notKept = await metadata.apply(operation.key, operation.entry, wanted, batch);
    if (xattrs !== undefined) isBare = xattrs.size === 0 && (rest.flags ?? 0) === 0;
  }
  return {
    ...(await inspectSingly({ ...operation, op: 'inspect' }, context)),
    notKept,
    ...(isBare === undefined ? {} : { isBare }),
  };
}

export async function linkSingly(operation: OperationOf<'link'>, context: OperationContext): Promise<Outcome> {
  const { destination, batch } = context;
  const { links } = destination.capabilities;
  if (links === undefined) return storeSingly({ ...operation, op: 'store' }, context);
  const displaced = await displace(operation.key, operation.displaceTo, context);
  await replacing(operation, context, (key) => links.hardLink(operation.existing, key, batch));
  return { ...(await inspectSingly({ ...operation, op: 'inspect' }, context)), displaced };
}

export async function moveSingly(operation: OperationOf<'move'>, context: OperationContext): Promise<Outcome> {
  const displaced = await displace(operation.to, operation.displaceTo, context);
  await moveKey(operation.key, operation.to, context);
  return { ...(await inspectSingly({ op: 'inspect', id: operation.id, key: operation.to }, context)), displaced };
}

/** Puts what `key` holds at `to`, by the gentlest way there is; answers whether there was anything. */
async function displace(key: RelPath, to: RelPath | undefined, context: OperationContext, vacate = false): Promise<boolean> {
  if (to === undefined) return false;
  const { destination, batch } = context;
  const there = await destination.stat(key, batch);
  if (there === undefined) return false;
  const { links } = destination.capabilities;
  if (links !== undefined && there.kind !== 'directory' && !vacate) {
    await links.hardLink(key, to, batch);
    return true;
  }
  await moveKey(key, to, context);
  return true;
}

async function moveKey(from: RelPath, to: RelPath, context: OperationContext): Promise<void> {
  const { destination, batch } = context;
  const { move, copy } = destination.capabilities;
  if (move !== undefined) {
    await move(from, to, batch);
    return;
  }
  if (copy !== undefined) await copy(from, to, batch);
  else
    await destination.write(
      to,
      { size: (await destination.stat(from, batch))?.size, open: (o) => destination.read(from, o) },
      batch,
    );
  await destination.remove(from, batch);
}

/** Makes what is no file; false where only the layout's record can hold it. */
async function makeOther(operation: OperationOf<'store'>, context: OperationContext): Promise<boolean> {
  const { key, entry } = operation;
  const { destination, batch } = context;
  const { directories, links, special } = destination.capabilities;
  if (entry.kind === 'directory') await directories?.create(key, batch);
  else if (entry.kind === 'symlink' && links !== undefined)
    await replacing(operation, context, (at) => links.symlink(at, entry.target, batch));
  else if (entry.kind !== 'symlink' && special !== undefined)
    await replacing(operation, context, (at) => special.create(at, entry, batch));
  else if (context.recorded) return false;
  else
    throw new HoldfastError('unsupported', `${destination.traits.displayName} cannot hold "${key}": it is a ${entry.kind}.`, {
      path: key,
    });
  return entry.kind !== 'directory' || directories !== undefined;
}

/** Makes something at `key` in place of what is there, in one step where the destination can move. */
async function replacing(
  { id, key }: Operation,
  { destination, batch }: OperationContext,
  make: (key: RelPath) => Promise<void>,
): Promise<void> {
  try {
    await make(key);
  } catch (error) {
    if (!isHoldfastError(error, 'exists')) throw error;
    const { move } = destination.capabilities;
    if (move === undefined) {
      await destination.remove(key, batch);
      await make(key);
      return;
    }
    const temporary = joinPath(parentPath(key), `.holdfast-tmp-${batch.runId}-${id}`);
    await destination.remove(temporary, batch);
    await make(temporary);
    await move(temporary, key, batch);
  }
}

function mtimeOf(entry: Entry): { mtimeNs?: bigint } {
  return entry.metadata.mtimeNs === undefined ? {} : { mtimeNs: entry.metadata.mtimeNs };
}
