import type { DirectoryCapability } from '../../contracts/capabilities.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { EntryBatch, ScanOptions, ScanSkip } from '../../contracts/source.ts';
import type { Retrier } from './retrier.ts';
import { ScanTrail } from './scan-trail.ts';

/** Scans, and after a broken connection scans again without what was given and told already. Tree order says what that is. */
export async function* resumingScan(
  directories: DirectoryCapability,
  root: RelPath,
  options: ScanOptions,
  retrier: Retrier,
): AsyncGenerator<EntryBatch> {
  const call = { name: 'directories.scan', key: root, signal: options.signal } as const;
  const told = new ToldOnce(options);
  const given = new ScanTrail();
  for (let tries = 1; ; tries++) {
    const scan = directories.scan(root, told.optionsForScan());
    const trail = new ScanTrail();
    let resumeAfter = given.last;
    try {
      for await (const batch of scan) {
        const fresh = resumeAfter === undefined ? batch : trail.after(batch, resumeAfter);
        if (fresh === undefined) continue;
        resumeAfter = undefined;
        given.follow(fresh);
        yield fresh;
        tries = 0;
      }
      retrier.options.budget.earn();
      return;
    } catch (error) {
      await retrier.waitFor(call, error, Math.max(1, tries));
    }
  }
}

/** Passes on what a scan tells besides its entries, each thing once however often it is scanned. */
class ToldOnce {
  readonly #options: ScanOptions;
  readonly #skips = new Set<RelPath>();
  readonly #leftovers = new Set<RelPath>();
  #excluded = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  optionsForScan(): ScanOptions {
    const { onLeftover } = this.#options;
    let excluded = 0;
    return {
      ...this.#options,
      onSkip: (skip) => this.#skip(skip),
      onExclude: (count) => {
        excluded += count;
        const news = excluded - this.#excluded;
        if (news <= 0) return;
        this.#excluded = excluded;
        this.#options.onExclude(news);
      },
      ...(onLeftover && { onLeftover: (path) => this.#leftover(path, onLeftover) }),
    };
  }

  #skip(skip: ScanSkip): void {
    if (this.#skips.has(skip.path)) return;
    this.#skips.add(skip.path);
    this.#options.onSkip(skip);
  }

  #leftover(path: RelPath, tell: (path: RelPath) => void): void {
    if (this.#leftovers.has(path)) return;
    this.#leftovers.add(path);
    tell(path);
  }
}
