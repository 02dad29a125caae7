import { RECORD_WORD, RECORD_WORDS } from '../scan/record-words.ts';
import { close } from '../syscalls/open.ts';
import { fsync } from '../syscalls/sync.ts';
import { check, ERRNO, errno, SystemCallError } from '../syscalls/errno.ts';
import { openForReading } from '../syscalls/open.ts';
import { mkdirat } from '../syscalls/create.ts';
import { noteFailure } from '../store/failure-note.ts';
import { closeIfThrows, ensureDirectory, openExisting, openIfThere } from '../store/ensure-directory.ts';
import type { Place } from '../store/place.ts';
import { enter } from '../store/step.ts';
import { S_IFMT, S_IFREG } from '../syscalls/create.ts';
import { scratch } from '../store/scratch.ts';
import { storeContent } from '../store/store-content.ts';
import { storeFile } from '../store/store-file.ts';
import type { Expected, Stored } from '../store/stored.ts';
import type { CopyControl, Preserve, StoreOptions } from '../store/store-options.ts';
import { storeSpecial } from '../store/store-special.ts';
import { describeRoom } from '../store/target-room.ts';
import type { TargetRoom } from '../store/target-room.ts';
import { tempName } from '../store/temp-name.ts';
import { EXPECTED_NUMBERS, GroupOp, MAKE_NOW, MUST_EXIST, UNKNOWN_TIME } from './batch-protocol.ts';
import type { BatchContext, Group, GroupAnswer, PackedExpected } from './batch-protocol.ts';
import { examineEntry } from './examine-entry.ts';
import { AnswerBuilder } from './answer-builder.ts';
import { copyPlainFiles } from './copy-plain-files.ts';
import { splitNames } from './group-names.ts';

/** Where a group's entries are made. */
interface Target {
  readonly fd: number;
  /** Under their own names, in a temporary directory. */
  readonly staged: boolean;
  readonly room: TargetRoom;
}

export interface CopyOptions {
  readonly preserve: Preserve;
  readonly control: CopyControl;
  readonly durable: boolean;
  /** Opens a directory of the source. */
  readonly openSource: (root: Uint8Array, directory: Uint8Array) => number;
}

/** Makes, compares or reads all entries of a group. An entry that fails does not end the others; only `control.check` does. */
export function copyGroup(group: Group, context: BatchContext, options: CopyOptions): GroupAnswer {
  const answer = new AnswerBuilder(countOf(group), group.digest);
  let target: Target | undefined;
  let sourceFd = -1;
  try {
    enter('destination', 'open the directory of');
    target = openTarget(group, context);
    enter('source', 'open the directory of');
    if (group.sourceRoot.length > 0) sourceFd = options.openSource(group.sourceRoot, group.sourceDirectory);
    copyEntries(group, context, options, target, sourceFd, answer);
    return answer.finish(target.staged);
  } catch (error) {
    options.control.check();
    answer.failAll(noteFailure(error));
    return answer.finish(target?.staged ?? false);
  } finally {
    if (sourceFd >= 0) close(sourceFd);
    if (target !== undefined) close(target.fd);
  }
}

/** What the stores of a group have in common. */
interface GroupWork {
  readonly group: Group;
  readonly context: BatchContext;
  readonly how: StoreOptions;
  readonly target: Target;
}

function copyEntries(
  group: Group,
  context: BatchContext,
  { preserve, control, durable }: CopyOptions,
  target: Target,
  sourceFd: number,
  answer: AnswerBuilder,
): void {
  const count = countOf(group);
  const how: StoreOptions = { preserve, control, ...(group.digest === undefined ? {} : { digest: group.digest }) };
  const packed = 'stats' in group.expected ? { names: group.names, expected: group.expected } : undefined;
  const copy = { fromFd: sourceFd, toFd: target.fd, options: how, room: target.room };
  const indexes = packed !== undefined && target.staged ? copyPlainFiles(copy, packed, answer) : everyIndex(count);
  if (indexes.length === 0) return;
  const names = splitNames(group.names, count);
  const sourceNames = group.sourceNames === undefined ? names : splitNames(group.sourceNames, count);
  const work: GroupWork = { group, context, how, target };
  for (const index of indexes) {
    control.check();
    const op = group.ops === undefined ? GroupOp.file : group.ops[index]!;
    const name = names[index]!;
    const source = { directoryFd: sourceFd, name: sourceNames[index]! };
    try {
      if (op === GroupOp.file || op === GroupOp.special || op === GroupOp.content) {
        answer.addStored(index, storeEntry(work, index, op, name, source, durable));
      } else {
        const expected = expectedAt(group.expected, index);
        examineEntry(op, source, { directoryFd: target.fd, name }, expected, how, index, answer);
      }
    } catch (error) {
      control.check();
      answer.fail(index, noteFailure(error));
    }
  }
}

function storeEntry(
  { group, context, how, target }: GroupWork,
  index: number,
  op: number,
  name: Buffer,
  source: Place,
  durable: boolean,
): Stored {
  const { room } = target;
  const temporary = target.staged ? name : tempName(context.tempPrefix, group.firstTemp + index);
  const place = { directoryFd: target.fd, name: temporary };
  const old = target.staged ? undefined : { directoryFd: target.fd, name };
  const stored =
    op === GroupOp.content
      ? storeContent(group.contents!, index, place, how, room)
      : op === GroupOp.file
        ? storeFile(source, { place, old, room }, expectedAt(group.expected, index), how)
        : storeSpecial(source, place, expectedAt(group.expected, index), how);
  if (durable && scratchIsFile()) syncFile(place.directoryFd, place.name);
  return stored;
}

/** What was made last. */
function scratchIsFile(): boolean {
  return (scratch.target.mode & S_IFMT) === S_IFREG;
}

function everyIndex(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The directory itself where it exists; else the temporary one that stands for it. @throws SystemCallError */
function openTarget({ directory, stage }: Group, { rootFd, tempPrefix }: BatchContext): Target {
  const fd =
    stage === MUST_EXIST
      ? openExisting(rootFd, directory)
      : stage === MAKE_NOW
        ? ensureDirectory(rootFd, directory)
        : openIfThere(rootFd, directory);
  if (fd !== undefined) return describeTarget(fd, false);
  const name = tempName(tempPrefix, stage);
  // Another group of the same directory may have made it.
  if (mkdirat(rootFd, name, 0o700) < 0 && errno() !== ERRNO.EEXIST) throw new SystemCallError('mkdirat', errno(), name);
  return describeTarget(openExisting(rootFd, name.subarray(0, -1)), true);
}

/** Closes `fd` when it throws. @throws SystemCallError */
function describeTarget(fd: number, staged: boolean): Target {
  return { fd, staged, room: closeIfThrows(fd, () => describeRoom(fd)) };
}

function countOf({ ops, expected }: Group): number {
  return ops === undefined && 'stats' in expected ? expected.stats.length / (RECORD_WORDS * 4) : (ops?.length ?? 0);
}

function expectedAt(numbers: BigUint64Array | PackedExpected, index: number): Expected {
  if ('stats' in numbers) return unpackExpected(numbers, index);
  const at = index * EXPECTED_NUMBERS;
  const time = numbers[at + 3]!;
  const ctimeNs = time === UNKNOWN_TIME ? undefined : BigInt.asIntN(64, time);
  return { dev: numbers[at]!, ino: numbers[at + 1]!, size: numbers[at + 2]!, ctimeNs };
}

function unpackExpected({ stats, device }: PackedExpected, index: number): Expected {
  const view = new DataView(stats.buffer, stats.byteOffset + index * RECORD_WORDS * 4, RECORD_WORDS * 4);
  const seconds = view.getBigInt64(RECORD_WORD.ctime * 4, true);
  return {
    dev: device,
    ino: view.getBigUint64(RECORD_WORD.ino * 4, true),
    size: view.getBigUint64(RECORD_WORD.size * 4, true),
    ctimeNs: seconds * 1_000_000_000n + BigInt(view.getUint32(RECORD_WORD.ctime * 4 + 8, true)),
  };
}

function syncFile(directoryFd: number, name: Buffer): void {
  enter('destination', 'write');
  const fd = check(openForReading(directoryFd, name), 'openat', name);
  try {
    check(fsync(fd), 'fsync', name);
  } finally {
    close(fd);
  }
}
