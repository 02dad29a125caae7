import { errno, SystemCallError } from '../syscalls/errno.ts';
import { openDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { close } from '../syscalls/open.ts';
import { STATX_BASIC_STATS, statxFd } from '../syscalls/stat.ts';
import { cutNames } from './cut-names.ts';
import { identityOf, sameIdentity } from './directory-identity.ts';
import type { Findings } from './findings.ts';
import { type DirectoryMarkers, findMarkers } from './marked-directory.ts';
import type { NameCounts } from './name-stack.ts';
import { openListing } from './open-listing.ts';
import type { DirectoryIdentity, DirectoryRef, Hole, ScanRequest } from './scan-protocol.ts';
import type { ScanTools } from './scan-tools.ts';
import { hasVanished, skipChanged, skipDirectory, skipTooDeep } from './skip-reason.ts';

/** An open directory on the way from where a task began to where it is. */
export interface Level extends DirectoryRef {
  readonly fd: number;
  /** Where its names lie on the name stack, which is cut back to `base` afterwards. */
  readonly base: number;
  readonly end: number;
  /** Where the next name begins, at its type. */
  cursor: number;
  namesLeft: number;
  directoriesLeft: number;
}

const HERE = Buffer.from('.\0');

/** The directories that are open, innermost last, with their sorted names and the path of the innermost. */
export class LevelStack {
  readonly #request: ScanRequest;
  readonly #tools: ScanTools;
  readonly #findings: Findings;
  readonly #markers: DirectoryMarkers | undefined;
  readonly #levels: Level[] = [];

  constructor(request: ScanRequest, tools: ScanTools, findings: Findings, markers: DirectoryMarkers | undefined) {
    this.#request = request;
    this.#tools = tools;
    this.#findings = findings;
    this.#markers = markers;
  }

  get top(): Level | undefined {
    return this.#levels.at(-1);
  }

  get size(): number {
    return this.#levels.length;
  }

  /** Makes the directory of a hole the only level. */
  open(hole: Hole): void {
    const { directory, names } = hole;
    try {
      const handle = openDirectoryBeneath(this.#request.rootFd, directory.path, { handleOnly: true });
      this.#tools.path.set(directory.path);
      if (names === undefined) this.#list(directory, handle);
      else this.#resume(hole, names, handle);
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      this.#skip(directory.path, error);
    }
  }

  /** Lists an open directory and makes it the innermost level; it closes `fd`. The tools' path is already its path. */
  enter(fd: number, depth: number, identity: DirectoryIdentity): void {
    const { lister, names, path } = this.#tools;
    const { maxDepth } = this.#request.rules.limits;
    const failure = lister.list(fd);
    this.#findings.directoryCount++;
    if (failure !== undefined) this.#findings.skips.push(skipDirectory(path.copy(), failure));
    if (depth >= maxDepth && lister.count > 0) {
      this.#findings.skips.push(skipTooDeep(path.copy(), maxDepth));
      lister.keepOnly([]);
    }
    this.#applyMarkers(fd);
    const base = names.top;
    const counts = names.pushListing(lister);
    this.#push({ path: path.copy(), depth, identity }, fd, base, counts);
  }

  /** Closes the innermost level. */
  pop(): void {
    const level = this.#levels.pop();
    if (level === undefined) return;
    close(level.fd);
    this.#tools.names.top = level.base;
    const parent = this.#levels.at(-1);
    if (parent !== undefined) this.#tools.path.length = parent.path.length;
  }

  /** Leaves the rest of every level as holes, innermost first as tree order has it, and closes them. */
  leaveRest(): void {
    const { rules, entriesPerDirectory } = this.#request;
    const { bytes } = this.#tools.names;
    for (let level = this.top; level !== undefined; level = this.top) {
      const { path, depth, identity, cursor: start, end, namesLeft: nameCount, directoriesLeft: directoryCount } = level;
      const left = { bytes, start, end, nameCount, directoryCount };
      const holes = cutNames({ path, depth, identity }, left, rules.limits.entriesPerTask, entriesPerDirectory);
      for (const hole of holes) this.#findings.leave(hole);
      this.pop();
    }
  }

  /** Closes everything and gives back the memory that giant directories needed. */
  dispose(): void {
    while (this.#levels.length > 0) this.pop();
    this.#tools.names.clear();
    this.#tools.lister.shrink();
  }

  #push(directory: DirectoryRef, fd: number, base: number, { nameCount, directoryCount }: NameCounts): void {
    const end = this.#tools.names.top;
    this.#levels.push({ ...directory, fd, base, end, cursor: base, namesLeft: nameCount, directoriesLeft: directoryCount });
  }

  #list(directory: DirectoryRef, handle: number): void {
    const fd = openListing(handle, HERE);
    const failure = fd < 0 ? errno() : 0;
    close(handle);
    if (failure !== 0) this.#skip(directory.path, { syscall: 'openat', errno: failure });
    else this.enter(fd, directory.depth, directory.identity);
  }

  /** Goes on with names that were listed before. In another directory they would mean nothing, and what it holds would be missed. */
  #resume(hole: Hole, names: Uint8Array, handle: number): void {
    const { probe, names: stack } = this.#tools;
    const { directory } = hole;
    if (statxFd(handle, STATX_BASIC_STATS, probe.record) < 0 || !sameIdentity(identityOf(probe.record), directory.identity)) {
      close(handle);
      this.#findings.skips.push(skipChanged(directory.path));
      return;
    }
    const base = stack.top;
    stack.push(names);
    this.#push(directory, handle, base, hole);
  }

  #skip(path: Uint8Array, failure: Pick<SystemCallError, 'syscall' | 'errno'>): void {
    this.#findings.skips.push(hasVanished(failure.errno) ? skipChanged(path) : skipDirectory(path, failure));
  }

  #applyMarkers(fd: number): void {
    const { lister } = this.#tools;
    const found = this.#markers === undefined ? [] : findMarkers(this.#markers, lister, fd);
    if (found.length === 0) return;
    this.#findings.excluded += lister.count - found.length;
    lister.keepOnly(found);
  }
}
