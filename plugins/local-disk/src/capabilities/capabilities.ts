import type { DestinationCapabilities } from '@holdfast/core/plugin';
import type { BatchEnvironment } from '../batch/batch-environment.ts';
import { runBatch, runPackedBatch } from '../batch/run-batch.ts';
import { dataRanges } from '../content/data-ranges.ts';
import type { DiskEnvironment } from '../disk-environment.ts';
import type { DiskRoot } from '../objects/disk-root.ts';
import { createObject } from '../objects/write-object.ts';
import { cloneInto } from './clone-from.ts';
import { copyOn } from './copy.ts';
import { digestsOf } from './digests.ts';
import { directoriesOf } from './directories.ts';
import { linksOf } from './links.ts';
import { lockOf } from './lock.ts';
import { metadataOf } from './metadata.ts';
import { moveOn } from './move.ts';
import { patchOf } from './patch.ts';
import { specialOf } from './special.ts';
import { usageOf } from './usage.ts';

/** All that a local file system can do beyond keeping objects. */
export function capabilitiesOf(root: DiskRoot, environment: DiskEnvironment): DestinationCapabilities {
  return {
    directories: directoriesOf(root),
    metadata: metadataOf(root),
    links: linksOf(root),
    special: specialOf(root),
    move: moveOn(root),
    copy: copyOn(root),
    cloneFrom: cloneInto(root),
    extents: (key, { signal }) => dataRanges(root.fd, key, signal),
    patch: patchOf(root),
    digests: digestsOf(root),
    createOnly: { create: (key, content, options) => createObject(root, key, content, options) },
    batch: { run: (operations, options) => runBatch(operations, options, batchEnvironment(root, environment)) },
    packedBatch: { run: (operations, options) => runPackedBatch(operations, options, batchEnvironment(root, environment)) },
    contentBatch: { run: (operations, options) => runBatch(operations, options, batchEnvironment(root, environment)) },
    usage: usageOf(root),
    lock: lockOf(root),
  };
}

function batchEnvironment(root: DiskRoot, environment: DiskEnvironment): BatchEnvironment {
  return { ...environment, rootFd: root.fd, closing: root.closing, holdFor: (work) => root.holdFor(work) };
}
