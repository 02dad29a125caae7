import { lstatSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { ChangingTree, type FileSums, sumArchived, sumFiles, sumLive } from './fixtures/changing-tree.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';
import { type Finished, type RunOptions, runHoldfast } from './fixtures/run-holdfast.ts';
import { SeededRandom } from './fixtures/seeded-random.ts';
import { makeTemporaryFolder } from './fixtures/temporary-folder.ts';

/** `STORM_KILLS` and `STORM_SEED` run another part of the storm: 100 kills can be had in pieces. */
const kills = Number(process.env['STORM_KILLS'] ?? (inject('storm') === 'full' ? 100 : 6));
const seed = Number(process.env['STORM_SEED'] ?? 20_261_123);

/** A source and a mirror of it whose runs are killed. */
class Storm {
  readonly random = new SeededRandom(seed);
  readonly source: string;
  readonly clone: string;
  readonly #options: RunOptions;
  /** For each path every content that may rightly be under it. */
  #allowed = new Map<string, Set<string>>();
  /** Every content that was ever under a real name: each must be somewhere for ever. */
  readonly #seen = new Set<string>();
  /** How long a run changed things, and how often, the last time that one ran to its end. */
  #changeMs = 200;
  #changes = 300;
  killed = 0;

  constructor(folder: string) {
    this.source = join(folder, 'source');
    this.clone = join(folder, 'clone');
    this.#options = { home: join(folder, 'home') };
  }

  /** What a run may make of the mirror from now on. */
  allow(sums: FileSums): void {
    for (const [path, sum] of sums) this.#allowed.set(path, (this.#allowed.get(path) ?? new Set()).add(sum));
  }

  forget(): void {
    this.#allowed = new Map();
  }

  /** Starts a run and kills it: at a call that changes something, or after some time. */
  async runAndKill(): Promise<string> {
    if (this.random.below(2) === 0) {
      const nth = 1 + this.random.below(Math.ceil(this.#changes * 1.1));
      const run = await this.#clone({ faults: [{ call: 'change', nth, action: 'kill' }] });
      return this.#note(run, `before change ${nth}`);
    }
    const afterMs = this.random.fraction() * this.#changeMs * 1.2;
    let timer: NodeJS.Timeout | undefined;
    const run = await this.#clone({
      onEvent: ({ type, phase }, child) => {
        if (type === 'progress' && phase === 'transfer') timer ??= setTimeout(() => child.kill('SIGKILL'), afterMs);
      },
    });
    clearTimeout(timer);
    return this.#note(run, `${afterMs.toFixed(1)} ms after it began to change things`);
  }

  async runToEnd(context: string): Promise<Finished> {
    const countsFile = join(this.#options.home, 'counts.json');
    let began = 0;
    const run = await this.#clone({
      countsFile,
      onEvent: ({ type, phase }) => {
        if (type === 'progress' && phase === 'transfer') began ||= performance.now();
        if (type === 'summary') this.#changeMs = performance.now() - began;
      },
    });
    expect(run.messages, context).toEqual([]);
    expect(run.exitCode, context).toBe(0);
    this.#changes = (JSON.parse(readFileSync(countsFile, 'utf8')) as { change: number }).change;
    for (const sum of sumLive(this.clone).values()) this.#seen.add(sum);
    return run;
  }

  /** After a kill: whole files only, each the old or the new one, and nothing of the old ones lost. Answers what is there. */
  checkNothingTorn(context: string): FileSums {
    const live = sumLive(this.clone);
    for (const [path, sum] of live) {
      expect([...(this.#allowed.get(path) ?? [])], `${context}: ${path} is neither its old nor its new version`).toContain(sum);
      this.#seen.add(sum);
    }
    this.checkNothingLost(live, context);
    return live;
  }

  checkNothingLost(live: FileSums, context: string): void {
    const kept = sumArchived(this.clone).union(new Set(live.values()));
    expect(
      [...this.#seen].filter((sum) => !kept.has(sum)),
      `${context}: versions that are nowhere any more`,
    ).toEqual([]);
  }

  #clone(options: Partial<RunOptions>): Promise<Finished> {
    return runHoldfast(['clone', '--allow-same-disk', '--safety-net-keep=1000d', this.source, this.clone], {
      ...this.#options,
      ...options,
    });
  }

  #note(run: Finished, how: string): string {
    if (run.signal === 'SIGKILL') this.killed++;
    else expect(run.exitCode, `not killed ${how}: ${run.stderr}`).toBe(0);
    return `seed ${seed}, kill ${this.killed} ${how}`;
  }
}

/** Files that are at the destination already as the source has them, so that nobody needs to copy them. */
function finishedFiles(source: string, clone: string, live: FileSums, wanted: FileSums): string[] {
  const sameTime = (path: string): boolean => {
    const [from, to] = [source, clone].map((root) => lstatSync(join(root, path), { bigint: true }).mtimeNs);
    return from === to;
  };
  return [...live].flatMap(([path, sum]) => (wanted.get(path) === sum && sameTime(path) ? [path] : []));
}

test(`${kills} runs killed at any moment leave whole files only, and the next one completes them`, {
  timeout: 60_000 + kills * 15_000,
}, async () => {
  await using folder = await makeTemporaryFolder();
  const storm = new Storm(folder.path);
  for (const directory of [storm.source, storm.clone]) await mkdir(directory);
  const tree = new ChangingTree(storm.source, seed);
  tree.plant();
  let version = (await storm.runToEnd('first run')).summary.snapshotId ?? '';
  for (let round = 1; storm.killed < kills; round++) {
    storm.forget();
    storm.allow(sumFiles(storm.source));
    const before = join(folder.path, 'before');
    await inBash(folder.path, `rm -rf before; rsync -aHAX source/ before/`);
    let context: string;
    let live: FileSums;
    // Some runs are killed twice or more before one completes, and the source goes on changing meanwhile.
    do {
      tree.edit(12);
      storm.allow(sumFiles(storm.source));
      context = await storm.runAndKill();
      live = storm.checkNothingTorn(context);
    } while (storm.random.below(4) === 0);

    const finished = new Set(finishedFiles(storm.source, storm.clone, live, sumFiles(storm.source)));
    const run = await storm.runToEnd(context);
    const again = run.events.filter(({ type, op, path }) => type === 'item' && op === 'store' && finished.has(path ?? ''));
    expect(again, `${context}: copied again although it was there`).toEqual([]);
    expect(await compareTrees(storm.source, storm.clone), context).toEqual([]);
    storm.checkNothingLost(sumLive(storm.clone), context);
    if (round % 3 === 1) {
      const restored = join(folder.path, 'restored');
      await inBash(folder.path, 'rm -rf restored');
      const back = await runHoldfast(['restore', `--at=${version}`, storm.clone, restored], { home: join(folder.path, 'home') });
      expect(back.messages, context).toEqual([]);
      expect(back.exitCode, context).toBe(0);
      expect(await compareTrees(before, restored), `${context}: the version before`).toEqual([]);
    }
    version = run.summary.snapshotId ?? '';
  }
});
