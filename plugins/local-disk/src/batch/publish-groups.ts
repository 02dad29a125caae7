import { RECORD_WORDS } from '../scan/record-words.ts';
import { close } from '../syscalls/open.ts';
import { AT_REMOVEDIR } from '../syscalls/open-flags.ts';
import { unlinkat } from '../syscalls/remove.ts';
import { readTarget } from '../store/apply-metadata.ts';
import { ensureDirectory, openExisting, openIfThere, splitPath } from '../store/ensure-directory.ts';
import { noteFailure } from '../store/failure-note.ts';
import { makeDirectory } from '../store/make-directory.ts';
import { packRecord, recordOf } from '../store/pack-record.ts';
import type { Place } from '../store/place.ts';
import { lockEntry, publishEntry } from '../store/publish-entry.ts';
import { replaceEntry } from '../store/replace-entry.ts';
import { removeTree } from '../store/remove-entry.ts';
import { scratch } from '../store/scratch.ts';
import { enter } from '../store/step.ts';
import { tempName } from '../store/temp-name.ts';
import { toCString } from '../syscalls/c-string.ts';
import type {
  BatchContext,
  DirectoriesRequest,
  DirectoryAnswer,
  DiscardRequest,
  NewDirectory,
  PublishAnswer,
  PublishGroup,
  PublishRequest,
} from './batch-protocol.ts';
import { splitNames } from './group-names.ts';

const SLASH = Buffer.from('/');

/** Gives directories their names, in the order given. One that fails does not end the others. */
export function publishDirectories({ directories, context }: DirectoriesRequest): readonly DirectoryAnswer[] {
  return directories.map((directory) => {
    try {
      return publishDirectory(directory, context);
    } catch (error) {
      return { failure: noteFailure(error), renamed: false, displaced: false, stat: undefined };
    }
  });
}

function publishDirectory(
  { path, stage, replace, displaceTo }: NewDirectory,
  { rootFd, tempPrefix }: BatchContext,
): DirectoryAnswer {
  enter('destination', 'make the directory');
  const { parent, name } = splitPath(path);
  if (name.length === 0) {
    readTarget({ fd: rootFd }, scratch.target);
    return { renamed: false, displaced: false, stat: recordOf(scratch.target) };
  }
  const parentFd = ensureDirectory(rootFd, parent);
  try {
    const staged = stage < 0 ? undefined : { directoryFd: rootFd, name: tempName(tempPrefix, stage) };
    const place = { directoryFd: parentFd, name: toCString(name) };
    const outcome = makeDirectory({ rootFd, key: path, place, staged, replace, displaceTo });
    return { ...outcome, stat: recordOf(scratch.target) };
  } finally {
    close(parentFd);
  }
}

/** Gives entries their names. */
export function publishGroups({ groups, context }: PublishRequest): readonly PublishAnswer[] {
  return groups.map((group) => publishGroup(group, context));
}

function publishGroup(group: PublishGroup, context: BatchContext): PublishAnswer {
  const { indexes, stage } = group;
  const answer = {
    stats: new Uint32Array(indexes.length * RECORD_WORDS),
    failures: [] as PublishAnswer['failures'][number][],
    displaced: [] as number[],
  };
  let directoryFd = -1;
  let fromFd = -1;
  try {
    enter('destination', 'open the directory of');
    // Where making it has failed before, this tells why.
    directoryFd = ensureDirectory(context.rootFd, group.directory);
    if (stage >= 0 && !group.inPlace) fromFd = openExisting(context.rootFd, tempName(context.tempPrefix, stage).subarray(0, -1));
    publishEntries(group, context, directoryFd, fromFd, answer);
  } catch (error) {
    const failure = noteFailure(error);
    indexes.forEach((_, position) => answer.failures.push([position, failure]));
    discardGroup(group, context);
  } finally {
    if (fromFd >= 0) {
      close(fromFd);
      // The last group that was in it leaves it empty.
      unlinkat(context.rootFd, tempName(context.tempPrefix, stage), AT_REMOVEDIR);
    }
    if (directoryFd >= 0) close(directoryFd);
  }
  return answer;
}

interface Collected {
  readonly stats: Uint32Array;
  readonly failures: PublishAnswer['failures'][number][];
  readonly displaced: number[];
}

function publishEntries(
  group: PublishGroup,
  context: BatchContext,
  directoryFd: number,
  fromFd: number,
  answer: Collected,
): void {
  const names = splitNames(group.names, lastIndex(group.indexes) + 1);
  const displaceTo = new Map(group.displaceTo);
  const lateFlags = new Map(group.lateFlags);
  group.indexes.forEach((index, position) => {
    const place: Place = { directoryFd, name: names[index]! };
    const temp =
      fromFd >= 0
        ? { directoryFd: fromFd, name: place.name }
        : { directoryFd, name: tempName(context.tempPrefix, group.firstTemp + index) };
    try {
      const replacement = {
        rootFd: context.rootFd,
        key: keyOf(group.directory, place.name),
        place,
        displaceTo: displaceTo.get(index),
      };
      if (!group.inPlace && replaceEntry(replacement, () => publishEntry(temp, place))) answer.displaced.push(position);
      const flags = lateFlags.get(index);
      if (flags !== undefined) lockEntry(place, flags);
      readTarget({ fd: directoryFd, name: place.name }, scratch.target);
      packRecord(scratch.target, answer.stats, position * RECORD_WORDS);
    } catch (error) {
      answer.failures.push([position, noteFailure(error)]);
      if (!group.inPlace) tryRemove(temp);
    }
  });
}

/** Removes everything that stays without a name. */
export function discardGroups({ groups, context }: DiscardRequest): void {
  for (const group of groups) discardGroup(group, context);
}

function discardGroup(
  { directory, stage, firstTemp, indexes }: DiscardRequest['groups'][number],
  { rootFd, tempPrefix }: BatchContext,
): void {
  if (stage >= 0) tryRemove({ directoryFd: rootFd, name: tempName(tempPrefix, stage) });
  const directoryFd = openIfThere(rootFd, directory);
  if (directoryFd === undefined) return;
  try {
    for (const index of indexes) tryRemove({ directoryFd, name: tempName(tempPrefix, firstTemp + index) });
  } finally {
    close(directoryFd);
  }
}

/** What cannot be removed now is a leftover, which the next scan reports. */
function tryRemove(temp: Place): void {
  try {
    removeTree(temp);
  } catch (error) {
    noteFailure(error);
  }
}

function keyOf(directory: Uint8Array, name: Buffer): Buffer {
  const last = name.subarray(0, -1);
  return directory.length === 0 ? last : Buffer.concat([directory, SLASH, last]);
}

function lastIndex(indexes: Uint32Array): number {
  return indexes.length === 0 ? -1 : indexes[indexes.length - 1]!;
}
