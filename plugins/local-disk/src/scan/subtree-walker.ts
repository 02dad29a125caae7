import { DT } from '../syscalls/directory.ts';
import { errno } from '../syscalls/errno.ts';
import { close } from '../syscalls/open.ts';
import { STATX_BASIC_STATS, statxFd } from '../syscalls/stat.ts';
import { STATX_WORD } from '../syscalls/statx-record.ts';
import { identityOf } from './directory-identity.ts';
import { KIND_CODE } from './entry-kind.ts';
import { Findings } from './findings.ts';
import { type Level, LevelStack } from './level-stack.ts';
import { openListing } from './open-listing.ts';
import { holdsMirrorRecord, isSnapshotName, isStateName, isTemporaryName } from './own-names.ts';
import type { Hole, ScanRequest } from './scan-protocol.ts';
import type { ScanTools } from './scan-tools.ts';
import type { SelectionFilter } from './selection-filter.ts';
import { hasVanished, skipDirectory, skipEntry } from './skip-reason.ts';

const DOT = 0x2e;

/**
 * Walks what some holes stand for in tree order, a directory right before its children, relative to open directories and through
 * no link. Once it has as many entries as the request allows it leaves the rest as new holes.
 */
export class SubtreeWalker {
  readonly findings: Findings;
  readonly #request: ScanRequest;
  readonly #tools: ScanTools;
  readonly #filter: SelectionFilter | undefined;
  readonly #throwIfAborted: () => void;
  readonly #levels: LevelStack;

  constructor(request: ScanRequest, tools: ScanTools, filter: SelectionFilter | undefined, throwIfAborted: () => void) {
    this.findings = new Findings(tools.packer);
    this.#request = request;
    this.#tools = tools;
    this.#filter = filter;
    this.#throwIfAborted = throwIfAborted;
    this.#levels = new LevelStack(request, tools, this.findings, filter?.markers);
  }

  walk(): void {
    try {
      for (const hole of this.#request.holes) this.#fill(hole);
      this.findings.finishBlock();
    } finally {
      this.#levels.dispose();
      this.#tools.packer.reset();
    }
  }

  #fill(hole: Hole): void {
    if (this.findings.entryCount >= this.#request.budget) {
      this.findings.leave(hole);
      return;
    }
    this.#levels.open(hole);
    for (let level = this.#levels.top; level !== undefined; level = this.#levels.top) {
      if (this.#filter?.hasRules === true) this.#filter.enter(level.path);
      this.#walkLevel(level);
    }
  }

  /** Walks until the level is used up, or until a directory in it was entered. */
  #walkLevel(level: Level): void {
    const { budget } = this.#request;
    const { size } = this.#levels;
    while (level.cursor < level.end) {
      if (this.findings.entryCount >= budget && this.#mustStop(level)) return this.#levels.leaveRest();
      this.#step(level);
      if (this.#levels.size !== size) return;
    }
    this.#levels.pop();
  }

  /** A little more than the budget is better than a hole of a few entries. */
  #mustStop(level: Level): boolean {
    const { budget, entriesPerDirectory } = this.#request;
    const left = level.namesLeft + level.directoriesLeft * entriesPerDirectory;
    return left > budget / 2 || this.findings.entryCount >= budget * 2;
  }

  #step(level: Level): void {
    this.#throwIfAborted();
    const { names, packer } = this.#tools;
    const { bytes } = names;
    const type = bytes[level.cursor]!;
    const name = level.cursor + 1;
    let end = name;
    while (bytes[end] !== 0) end++;
    level.cursor = end + 1;
    level.namesLeft--;
    if (type === DT.DIRECTORY) level.directoriesLeft--;
    if (bytes[name] === DOT && this.#isTemporary(name)) return;
    if (packer.full) this.findings.finishBlock();
    if (this.#filter?.hasRules === true) this.#takeIfSelected(this.#filter, level, name, end, type);
    else this.#take(level, name, type, false);
  }

  #isTemporary(name: number): boolean {
    const { names, path } = this.#tools;
    if (this.#request.rules.selection.includeState || !isTemporaryName(names.bytes, name)) return false;
    if (!isSnapshotName(names.bytes, name)) this.findings.leftovers.push(path.copyWith(names.bytes, name));
    return true;
  }

  /** Asks the rules before the entry is looked at: what is left out may be just what must not be touched. */
  #takeIfSelected(filter: SelectionFilter, level: Level, name: number, end: number, type: number): void {
    const { names, packer, probe } = this.#tools;
    let isDirectory = type === DT.DIRECTORY;
    if (type === DT.UNKNOWN) {
      const failure = probe.look(level.fd, names.addressOf(name), type, packer);
      isDirectory = failure === 0 && probe.kind === KIND_CODE.directory;
    }
    const answer = filter.decide(names.bytes.subarray(name, end), isDirectory);
    if (answer === 'out') this.findings.excluded++;
    else this.#take(level, name, type, answer === 'only-if-descendants');
  }

  #take(level: Level, name: number, type: number, isDeferred: boolean): void {
    const { probe, names, packer, path } = this.#tools;
    const failure = probe.look(level.fd, names.addressOf(name), type, packer);
    if (failure !== 0) {
      if (hasVanished(failure)) return;
      const mayBeDirectory = type === DT.DIRECTORY || type === DT.UNKNOWN;
      this.findings.skips.push(skipEntry(path.copyWith(names.bytes, name), probe.failedCall, failure, mayBeDirectory));
    } else if (probe.kind === KIND_CODE.directory) {
      this.#takeDirectory(level, name, isDeferred);
    } else if (probe.kind === KIND_CODE.file && this.#filter?.isTooLarge(probe.size) === true) {
      this.findings.excluded++;
    } else {
      this.#emit(level, name, false);
      if (probe.kind === KIND_CODE.symlink) packer.keepTarget(probe.targetLength);
    }
  }

  #takeDirectory(level: Level, name: number, isDeferred: boolean): void {
    const { names, path, probe } = this.#tools;
    if (this.#isState(level, name)) {
      this.findings.excluded++;
    } else if (!this.#isOnDevice()) {
      this.#emit(level, name, isDeferred);
    } else if (this.#levels.size >= this.#request.rules.limits.openDirectories) {
      this.#emit(level, name, isDeferred);
      const directory = { path: path.copyWith(names.bytes, name), depth: level.depth + 1, identity: identityOf(probe.record) };
      this.findings.leave({ directory, nameCount: 0, directoryCount: 1 });
    } else {
      this.#enterDirectory(level, name, isDeferred);
    }
  }

  #isState(level: Level, name: number): boolean {
    const { rules } = this.#request;
    const { names, other } = this.#tools;
    if (names.bytes[name] !== DOT || rules.selection.includeState || !isStateName(names.bytes, name)) return false;
    return (level.depth === 0 && rules.stateAtRoot) || holdsMirrorRecord(level.fd, other);
  }

  #isOnDevice(): boolean {
    const { onlyDevice } = this.#request.rules;
    const { words } = this.#tools.probe.record;
    return (
      onlyDevice === undefined || (words[STATX_WORD.devMajor] === onlyDevice[0] && words[STATX_WORD.devMinor] === onlyDevice[1])
    );
  }

  #enterDirectory(level: Level, name: number, isDeferred: boolean): void {
    const { names, path, probe } = this.#tools;
    const fd = openListing(level.fd, names.addressOf(name));
    if (fd < 0) {
      const failure = errno();
      if (hasVanished(failure)) return;
      this.#emit(level, name, isDeferred);
      this.findings.skips.push(skipDirectory(path.copyWith(names.bytes, name), { syscall: 'openat', errno: failure }));
      return;
    }
    // The record is taken once more from what was opened, so that it is that of the directory which is listed.
    statxFd(fd, STATX_BASIC_STATS, probe.record);
    this.#emit(level, name, isDeferred);
    if (this.#isOnDevice()) {
      path.enter(names.bytes, name);
      this.#levels.enter(fd, level.depth + 1, identityOf(probe.record));
    } else {
      close(fd);
    }
  }

  #emit(level: Level, name: number, isDeferred: boolean): void {
    const { packer, probe, names } = this.#tools;
    packer.add(probe.record, level.depth + 1, names.bytes, name);
    if (isDeferred) packer.markDeferred();
    this.findings.entryCount++;
  }
}
