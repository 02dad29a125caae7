import type { DestinationTraits } from '../contracts/destination.ts';
import type { EntryMetadata } from '../contracts/entry.ts';
import type { TreeIdentity } from '../contracts/source.ts';

/** A capability of MemoryDestination; all of them are there unless they are switched off. */
export type MemoryCapability =
  | 'directories'
  | 'metadata'
  | 'links'
  | 'special'
  | 'move'
  | 'copy'
  | 'cloneFrom'
  | 'extents'
  | 'patch'
  | 'digests'
  | 'createOnly'
  | 'retention'
  | 'usage'
  | 'lock'
  | 'batch';

/** How poor a destination is. Without options: a good file system in memory. */
export interface MemoryDestinationOptions {
  readonly displayName?: string;
  /** Capabilities that it lacks. Without `directories` keys are plain names: "a" and "a/b" can both hold an object. */
  readonly without?: readonly MemoryCapability[];
  /** false: a write shows what it has so far, and a failed one leaves a part. */
  readonly atomicReplace?: boolean;
  readonly caseSensitive?: boolean;
  /** Names come back in Unicode's decomposed form (NFD). */
  readonly normalises?: boolean;
  /** Names must be valid UTF-8. */
  readonly plainTextNames?: boolean;
  readonly mtimeResolutionNs?: bigint;
  readonly maxKeyBytes?: number;
  readonly maxSegmentBytes?: number;
  readonly forbiddenCharacters?: string;
  readonly maxObjectBytes?: bigint;
  readonly maxConnections?: number;
  readonly identity?: TreeIdentity;
  /** Bytes after which it is full. */
  readonly capacityBytes?: bigint;
  /** Metadata that it cannot keep. */
  readonly losesMetadata?: readonly (keyof EntryMetadata)[];
}

export function memoryTraits(options: MemoryDestinationOptions): DestinationTraits {
  return {
    displayName: options.displayName ?? 'memory',
    atomicReplace: options.atomicReplace ?? true,
    caseSensitive: options.caseSensitive ?? true,
    normalises: options.normalises ?? false,
    mtimeResolutionNs: options.mtimeResolutionNs ?? 1n,
    maxKeyBytes: options.maxKeyBytes ?? 4096,
    maxSegmentBytes: options.maxSegmentBytes ?? 255,
    forbiddenCharacters: options.forbiddenCharacters ?? '',
    maxConnections: options.maxConnections ?? 8,
    ...(options.maxObjectBytes === undefined ? {} : { maxObjectBytes: options.maxObjectBytes }),
    ...(options.identity === undefined ? {} : { identity: options.identity }),
  };
}
