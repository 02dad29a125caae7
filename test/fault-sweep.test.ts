import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, test, vi } from 'vitest';
import { type FileSums, sumArchived, sumFiles, sumLive } from './fixtures/changing-tree.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';
import { makeImage, mountImage, whyNoLoopFilesystem } from './fixtures/loop-filesystem.ts';
import { type Fault, HoldfastHost } from './fixtures/holdfast-host.ts';
import { type Finished, selectedOf } from './fixtures/run-holdfast.ts';
import { SeededRandom } from './fixtures/seeded-random.ts';
import { makeTemporaryFolder } from './fixtures/temporary-folder.ts';

const isFull = inject('storm') === 'full';
const seed = Number(process.env['SWEEP_SEED'] ?? 4711);
/** `SWEEP_PART=2/5` runs the second of five parts of all cases. */
const part = /^(\d+)\/(\d+)$/.exec(process.env['SWEEP_PART'] ?? '');
const SAMPLE_COUNT = 40;
const LANES = 2;

const before = `
mkdir -p d/e dir-to-file gone; for name in keep change gone/file d/keep d/move mode attribute to-directory linked parted rename; do echo "$name one" > $name; done
for name in log log.1; do echo "$name one" > $name; done; seq 1 100000 > large; echo x > dir-to-file/inside; chmod 640 mode
ln linked d/linked; ln parted d/parted; ln -s keep symlink; mkfifo fifo; mkdir d/empty
setfattr -n user.note -v one attribute; setfattr -n user.note -v one d; setfacl -m u:12345:r keep; touch -d @1000000000.123456789 keep d/e
`;
const changes = `
echo "change two" > change; rm -r gone; mkdir -p new/deep; mv d/move new/deep/moved; chmod 600 mode; setfattr -n user.note -v two attribute
rm to-directory; mkdir to-directory; echo in > to-directory/file; rm -r dir-to-file; echo file > dir-to-file; ln linked new/linked
rm d/parted; echo "parted two" > d/parted; mv log.1 log.2; mv log log.1; echo "log two" > log; { seq 1 50000; seq 7 50007; } > large
ln -sfn elsewhere symlink; rm fifo; mkfifo new/fifo; mv rename renamed; echo new > new/file; : > new/empty; chown 7:8 d/keep; rmdir d/empty
`;

const mutating = [
  'write',
  'pwrite',
  'renameat2',
  'linkat',
  'mkdirat',
  'mknodat',
  'symlinkat',
  'unlinkat',
  'ftruncate',
  'fsync',
  'fdatasync',
  'syncfs',
  'fsetxattr',
  'lsetxattr',
  'setxattrat',
  'fchown',
  'fchownat',
  'fchmod',
  'fchmodat',
  'futimens',
  'utimensat',
  'copy_file_range',
] as const;
const reading = ['openat', 'openat2', 'read', 'pread', 'getdents64', 'statx', 'readlinkat', 'flistxattr', 'fgetxattr'] as const;
type Call = (typeof mutating)[number] | (typeof reading)[number];
type Errno = 'EIO' | 'ENOSPC' | 'EROFS';

interface Case {
  readonly call: Call;
  readonly errno: Errno;
  readonly nth: number;
}

/** What a run may end with, by what befell it: it gets over it, or says so by the code that cli.md has for it. */
const allowedExits: Readonly<Record<Errno, readonly number[]>> = { EIO: [0, 1, 5], ENOSPC: [0, 1, 4], EROFS: [0, 1, 3] };

/** A mirror on a disk of its own, of a source that has changed in many ways since. */
interface Stage {
  readonly source: string;
  /** The disk as every case finds it. */
  readonly prepared: string;
  /** All that was at the destination before; none of it may ever be lost. */
  readonly versions: ReadonlySet<string>;
  readonly allowed: readonly FileSums[];
  readonly entries: number;
}

/** Differences in extended attributes, as `compareTrees` shows them. */
const ATTRIBUTES = /^"?(rsync: \.[fd]\.{8}x |(source|copy) \w*: # file: )/;

/** Checks one case after the other. Several of them work on one stage at once. */
class Lane implements AsyncDisposable {
  readonly #stage: Stage;
  readonly #folder: string;
  readonly #host: HoldfastHost;
  #disk = '';
  #cases = 0;

  constructor(stage: Stage, folder: string) {
    this.#stage = stage;
    this.#folder = folder;
    this.#host = new HoldfastHost(join(folder, 'home'));
  }

  get #clone(): string {
    return join(this.#disk, 'clone');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }

  /** How often the program makes each call from the prepared state to its end. */
  async countCalls(): Promise<Partial<Record<Call, number>>> {
    return this.#fromPrepared(async () => {
      const run = await this.#run();
      expect(run.messages).toEqual([]);
      await this.#checkComplete(run, 'without faults');
      return run.byCall;
    });
  }

  /** A run with one fault, then one without. */
  async check({ call, errno, nth }: Case): Promise<void> {
    const context = `${errno} of call ${nth} of ${call}`;
    await this.#fromPrepared(async () => {
      const run = await this.#run([{ call, nth, action: { errno } }]);
      expect(run.summary.exitCode, context).toBe(run.exitCode);
      // What threads were about to do when the run ended may take a moment.
      await vi.waitFor(() => expect(this.#host.openBelow(this.#disk), `${context}: left open`).toEqual([]), 3_000);
      expect(allowedExits[errno], `${context}: ${run.messages.join('; ')} ${run.stderr}`).toContain(run.exitCode);
      // ENOSPC of setxattr on a disk that has room: the attribute is too large for it, which is told, and does not change.
      const tooLarge = run.events.some(({ code, message = '' }) => code === 'metadata-failed' && message.startsWith('xattr:'));
      if (run.exitCode === 0) await this.#checkComplete(run, context, tooLarge);
      else expect(run.messages, `${context}: ${run.exitCode} without a message`).not.toEqual([]);
      this.#checkFiles(run, context, errno === 'ENOSPC');
      const clean = await this.#run();
      expect(clean.messages, `${context}, then without`).toEqual([]);
      await this.#checkComplete(clean, `${context}, then without`, tooLarge);
      this.#checkFiles(clean, `${context}, then without`, errno === 'ENOSPC');
    });
  }

  #run(faults: readonly Fault[] = []): ReturnType<HoldfastHost['run']> {
    return this.#host.run(['clone', '--safety-net-keep=1000d', this.#stage.source, this.#clone], faults);
  }

  /** On a disk of its own for each case: what a failed one left mounted must not be met again. */
  async #fromPrepared<T>(use: () => Promise<T>): Promise<T> {
    const folder = join(this.#folder, `case-${this.#cases++}`);
    await mkdir(folder, { recursive: true });
    await inBash(folder, 'cp --sparse=always "$prepared" image', { prepared: this.#stage.prepared });
    await using _disk = await mountImage('ext4', join(folder, 'image'), (this.#disk = join(folder, 'disk')));
    try {
      return await use();
    } catch (error) {
      await this.#host[Symbol.asyncDispose]();
      throw error;
    } finally {
      await rm(join(folder, 'image'));
    }
  }

  async #checkComplete({ exitCode, summary }: Finished, context: string, mayLackAttributes = false): Promise<void> {
    expect(exitCode, context).toBe(0);
    expect(selectedOf(summary), context).toBe(this.#stage.entries);
    const differences = await compareTrees(this.#stage.source, this.#clone);
    expect(mayLackAttributes ? differences.filter((line) => !ATTRIBUTES.test(line)) : differences, context).toEqual([]);
  }

  /** Whole files only, old or new; and every old one still there, unless room had to be made. */
  #checkFiles({ exitCode, summary, events }: Finished, context: string, mayPrune: boolean): void {
    const live = sumLive(this.#clone);
    for (const [path, sum] of live)
      expect(
        this.#stage.allowed.map((sums) => sums.get(path)),
        `${context}: ${path} is neither old nor new`,
      ).toContain(sum);
    const kept = sumArchived(this.#clone).union(new Set(live.values()));
    if (!mayPrune)
      expect(
        [...this.#stage.versions].filter((sum) => !kept.has(sum)),
        `${context}: versions that are nowhere any more`,
      ).toEqual([]);
    if (exitCode === 1 && summary.status === 'partial') {
      // A deletion that failed is counted too, though it is no entry of the source.
      const notDeleted = events.filter(({ type, op, error }) => type === 'item' && op === 'retire' && error !== undefined);
      // What is below a directory that could not be listed is not known.
      if (summary.counts.skipped === 0) expect(selectedOf(summary) - notDeleted.length, context).toBe(this.#stage.entries);
      expect(
        events.filter(({ error }) => error !== undefined),
        `${context}: partial without a failed item; ${JSON.stringify(summary.counts)} ${JSON.stringify(events.filter(({ type }) => type === 'warning' || type === 'error'))}`,
      ).not.toEqual([]);
    }
  }
}

/** Makes the state that every case begins with. */
async function prepare(folder: string): Promise<Stage> {
  const [source, prepared, disk] = [join(folder, 'source'), join(folder, 'prepared'), join(folder, 'disk')];
  await mkdir(source);
  await inBash(source, before);
  await makeImage('ext4', prepared, 48);
  const old = sumFiles(source);
  let versions: ReadonlySet<string>;
  {
    await using _disk = await mountImage('ext4', prepared, disk);
    await using host = new HoldfastHost(join(folder, 'home'));
    expect((await host.run(['clone', source, join(disk, 'clone')])).exitCode).toBe(0);
    versions = new Set(sumLive(join(disk, 'clone')).values());
  }
  await inBash(source, changes);
  const entries = Number(await inBash(source, 'find . | wc -l'));
  return { source, prepared, versions, allowed: [old, sumFiles(source)], entries };
}

function listCases(counts: Partial<Record<Call, number>>): Case[] {
  const each = (call: Call, errno: Errno): Case[] =>
    Array.from({ length: counts[call] ?? 0 }, (_, index) => ({ call, errno, nth: index + 1 }));
  return [
    ...mutating.flatMap((call) => (['EIO', 'ENOSPC', 'EROFS'] as const).flatMap((errno) => each(call, errno))),
    ...reading.flatMap((call) => each(call, 'EIO')),
  ];
}

function chooseCases(all: readonly Case[]): readonly Case[] {
  if (part !== null) return all.filter((_, index) => index % Number(part[2]) === Number(part[1]) - 1);
  return isFull ? all : sample(all, SAMPLE_COUNT);
}

/** One of each call and error by chance, and some more. */
function sample(cases: readonly Case[], count: number): Case[] {
  const random = new SeededRandom(seed);
  const kinds = Map.groupBy(cases, ({ call, errno }) => (mutating.includes(call as never) ? call : `${call} ${errno}`));
  const chosen = new Set([...kinds.values()].map((some) => random.pick(some)));
  while (chosen.size < Math.min(count, cases.length)) chosen.add(random.pick(cases));
  return [...chosen].slice(0, count);
}

function describeError(error: unknown): string {
  if (error instanceof SuppressedError) return `${describeError(error.suppressed)}; then ${describeError(error.error)}`;
  return error instanceof Error ? error.message : String(error);
}

/** Memory, where this machine has such a file system: a sweep waits for its disk more than for anything else. */
const place = existsSync('/dev/shm') ? '/dev/shm' : undefined;

describe.skipIf(whyNoLoopFilesystem() !== undefined)('one system call that fails', () => {
  test('never makes a wrong copy pass for a good one, and the next run puts it right', { timeout: 7_200_000 }, async () => {
    await using folder = await makeTemporaryFolder(place);
    const stage = await prepare(folder.path);
    await using lanes = new AsyncDisposableStack();
    const [first, ...others] = Array.from({ length: LANES }, (_, n) =>
      lanes.use(new Lane(stage, join(folder.path, `lane-${n}`))),
    );
    const cases = chooseCases(listCases(await first!.countCalls())).values();
    const failures: string[] = [];
    let checked = 0;
    const work = async (lane: Lane): Promise<void> => {
      // One iterator for all lanes: each takes the next case when it is done with its last.
      for (const each of cases) {
        await lane.check(each).catch((error: unknown) => failures.push(`${JSON.stringify(each)}: ${describeError(error)}`));
        checked++;
      }
    };
    await Promise.all([first!, ...others].map(work));
    expect(failures, `${failures.length} of ${checked} cases failed`).toEqual([]);
  });
});
