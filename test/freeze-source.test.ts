import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';
import { mountLoopFilesystem, whyNoLoopFilesystem } from './fixtures/loop-filesystem.ts';
import type { Finished, RunOptions } from './fixtures/run-holdfast.ts';

const snapshotsIn = (directory: string): string[] =>
  readdirSync(directory).filter((name) => name.startsWith('.holdfast-tmp-snapshot-'));

/** A source in a subvolume of its own disk. */
class FrozenFixture extends CloneFixture implements AsyncDisposable {
  #disk: AsyncDisposable | undefined;
  subvolume = '';

  /** @param script makes the first state of the source; it is the subvolume `home`, or `inner` in it */
  static async makeOnBtrfs(script: string, inner = ''): Promise<FrozenFixture> {
    const fixture = new FrozenFixture((await CloneFixture.make('')).folder);
    const disk = await mountLoopFilesystem('btrfs', 256);
    fixture.#disk = disk;
    fixture.subvolume = join(disk.directory, 'home');
    fixture.source = join(fixture.subvolume, inner);
    await inBash(disk.directory, `btrfs -q subvolume create home; mkdir -p "home/${inner}" "$clone"`, { clone: fixture.clone });
    await fixture.change(script);
    return fixture;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#disk?.[Symbol.asyncDispose]();
    await super[Symbol.asyncDispose]();
  }

  /** A run that stands still when it begins to transfer, until `meanwhile` is over. */
  async runAndStop(options: readonly string[], meanwhile: () => Promise<unknown>): Promise<Finished> {
    let done: Promise<unknown> | undefined;
    const onEvent: RunOptions['onEvent'] = ({ type, phase }, child) => {
      if (type !== 'progress' || phase !== 'transfer' || done !== undefined) return;
      child.kill('SIGSTOP');
      done = meanwhile().finally(() => child.kill('SIGCONT'));
    };
    const run = await this.run(['clone', ...options, this.source, this.clone], { onEvent });
    await done;
    expect(done).toBeDefined();
    return run;
  }
}

const files =
  'mkdir -p d; for i in {1..400}; do echo "before $i" > d/$i; done; ln d/1 d/linked; mkfifo fifo; setfattr -n user.a -v b d';
const edit = 'for i in {1..400}; do echo "after, and longer $i" > d/$i; done; echo new > new';

describe.skipIf(whyNoLoopFilesystem() !== undefined)('a source on btrfs', { timeout: 60_000 }, () => {
  test.each(['', 'user/data'])('is copied as it was when the run began: subvolume/%s', async (inner) => {
    await using fixture = await FrozenFixture.makeOnBtrfs(files, inner);
    const before = join(fixture.folder.path, 'before');
    await inBash(fixture.folder.path, `cp -a "$source" before`, { source: fixture.source });
    const times = statSync(fixture.subvolume).mtimeMs;
    const run = await fixture.runAndStop(['--snapshot=required'], () => fixture.change(edit));
    expect([run.exitCode, run.messages]).toEqual([0, []]);
    expect(await compareTrees(before, fixture.clone)).toEqual([]);
    expect(snapshotsIn(fixture.subvolume)).toEqual([]);
    if (inner !== '') expect(statSync(fixture.subvolume).mtimeMs).toBe(times);
    await fixture.succeed();
    expect(await compareTrees(fixture.source, fixture.clone)).toEqual([]);
  });

  test('is copied while it changes where that is asked for', async () => {
    await using fixture = await FrozenFixture.makeOnBtrfs(files);
    const run = await fixture.runAndStop(['--snapshot=off'], () => fixture.change(edit));
    expect([run.exitCode, run.messages]).toEqual([0, []]);
    expect(await fixture.atClone('cat d/400')).toBe('after, and longer 400\n');
  });

  test('is the same source to the records, frozen or not', async () => {
    await using fixture = await FrozenFixture.makeOnBtrfs(files);
    await fixture.succeed('--snapshot=required');
    for (const wish of ['off', 'auto', 'off', 'required']) {
      const { summary } = await fixture.succeed(`--snapshot=${wish}`);
      expect(summary.counts, wish).toMatchObject({ stored: 0, metadata: 0, renamed: 0, kept: 404 });
    }
    await fixture.change('mv d/7 d/seven; chmod 600 d/8');
    const { summary } = await fixture.succeed('--snapshot=required');
    expect(summary.counts).toMatchObject({ stored: 0, renamed: 1 });
  });

  test('is left without snapshots, whatever befalls a run', async () => {
    await using fixture = await FrozenFixture.makeOnBtrfs(files);
    const interrupted = await fixture.run(['clone', fixture.source, fixture.clone], {
      onEvent: ({ type, phase }, child) => void (type === 'progress' && phase === 'scan' && child.kill('SIGINT')),
    });
    expect([interrupted.exitCode, snapshotsIn(fixture.subvolume)]).toEqual([130, []]);

    const killed = await fixture.run(['clone', fixture.source, fixture.clone], {
      onEvent: ({ type, phase }, child) => void (type === 'progress' && phase === 'transfer' && child.kill('SIGKILL')),
    });
    expect(killed.signal).toBe('SIGKILL');
    expect(snapshotsIn(fixture.subvolume)).toHaveLength(1);
    // Nobody copies it, and only who makes a new one removes it.
    expect((await fixture.try('--snapshot=off')).exitCode).toBe(0);
    expect(snapshotsIn(fixture.subvolume)).toHaveLength(1);
    expect(snapshotsIn(fixture.clone)).toEqual([]);
    expect((await fixture.try()).exitCode).toBe(0);
    expect(snapshotsIn(fixture.subvolume)).toEqual([]);
    expect((await compareTrees(fixture.source, fixture.clone)).join()).toBe('');
  });

  test('keeps the snapshot that another run needs', async () => {
    await using fixture = await FrozenFixture.makeOnBtrfs(files);
    const run = await fixture.runAndStop(['--snapshot=required'], async () => {
      const other = join(fixture.folder.path, 'other');
      expect((await fixture.run(['clone', '--snapshot=required', fixture.source, other])).exitCode).toBe(0);
      expect(snapshotsIn(fixture.subvolume)).toHaveLength(1);
      expect(await compareTrees(fixture.source, other, { except: snapshotsIn(fixture.subvolume) })).toEqual([]);
    });
    expect([run.exitCode, snapshotsIn(fixture.subvolume)]).toEqual([0, []]);
  });

  test('is not frozen where its snapshot would lack something', async () => {
    await using fixture = await FrozenFixture.makeOnBtrfs(files);
    await fixture.change(
      'btrfs -q subvolume create d/nested; echo precious > d/nested/file; mkdir mounted; mount -t tmpfs none mounted; echo m > mounted/m',
    );
    try {
      const message = await fixture.refuse({ exitCode: 2, code: 'unsupported' }, ['--snapshot=required']);
      expect(message).toMatch(/"d\/nested"[^]*"mounted"[^]*--one-file-system/);
      await fixture.succeed();
      expect(await fixture.atClone('cat d/nested/file mounted/m')).toBe('precious\nm\n');
      const options = ['--exclude=/d/nested/', '--exclude=/mounted', '--snapshot=required'];
      expect((await fixture.try(...options)).exitCode).toBe(0);
      expect((await fixture.try('--one-file-system', '--snapshot=required')).exitCode).toBe(0);
    } finally {
      await fixture.change('umount mounted');
    }
  });

  test('is not written to by a dry run', async () => {
    await using fixture = await FrozenFixture.makeOnBtrfs(files);
    const before = await inBash(fixture.source, 'stat -c %Z .');
    expect((await fixture.try('-n', '--snapshot=required')).exitCode).toBe(0);
    expect([readdirSync(fixture.clone), await inBash(fixture.source, 'stat -c %Z .')]).toEqual([[], before]);
  });
});

describe('a source that cannot be frozen', { timeout: 60_000 }, () => {
  test.skipIf(whyNoLoopFilesystem() !== undefined)('is copied as it is, or refused where freezing is required', async () => {
    await using fixture = await CloneFixture.make(files);
    await using disk = await mountLoopFilesystem('ext4', 32);
    fixture.source = disk.directory;
    await inBash(fixture.folder.path, 'mkdir clone');
    await fixture.change(files);
    expect(await fixture.refuse({ exitCode: 2, code: 'unsupported' }, ['--snapshot=required'])).toMatch(/btrfs/);
    await fixture.succeed('--snapshot=auto');
    const told = await fixture.try('-vv');
    expect([told.exitCode, told.messages]).toEqual([0, []]);
    expect(told.stderr).toContain('not frozen');
  });
});
