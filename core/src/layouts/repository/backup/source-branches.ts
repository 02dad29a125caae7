import type { Source } from '../../../contracts/source.ts';
import { HoldfastError } from '../../../errors/holdfast-error.ts';
import { encodeText } from '../../../paths/rel-path.ts';
import type { BackupSource } from './backup-task.ts';

/** A directory of the version that is a source, or leads to some. */
export interface SourceBranch {
  /** By name, in the order of the bytes of the names. */
  readonly children: ReadonlyMap<string, SourceBranch>;
  readonly leaf: BackupSource | undefined;
  /** Opens what it is on this machine, where it is no source itself. */
  readonly above: ((depth: number) => Promise<Source>) | undefined;
}

interface GrowingBranch extends SourceBranch {
  children: Map<string, GrowingBranch>;
  leaf: BackupSource | undefined;
  above: ((depth: number) => Promise<Source>) | undefined;
}

/** Sources by their places in the version. One within another goes with that. Throws `usage` where two have the same place. */
export function growBranches(sources: readonly BackupSource[]): SourceBranch {
  const top = newBranch(undefined);
  for (const source of sources) plant(top, source);
  if (top.leaf !== undefined && top.children.size > 0)
    throw new HoldfastError('usage', 'A folder given as "." cannot stand beside others.', { hint: 'Give it by its name.' });
  return sorted(top);
}

function plant(top: GrowingBranch, source: BackupSource): void {
  let branch = top;
  for (const name of source.place) {
    const next = branch.children.get(name) ?? newBranch(source);
    branch.children.set(name, next);
    branch = next;
  }
  if (branch.leaf !== undefined || branch.children.size > 0) throw samePlace(source);
  branch.leaf = source;
}

function newBranch(source: BackupSource | undefined): GrowingBranch {
  return { children: new Map(), leaf: undefined, above: source?.openAbove };
}

function sorted(branch: GrowingBranch): SourceBranch {
  const children = [...branch.children].sort(([a], [b]) => Buffer.compare(encodeText(a), encodeText(b)));
  return { ...branch, children: new Map(children.map(([name, child]) => [name, sorted(child)])) };
}

function samePlace({ source, place }: BackupSource): HoldfastError {
  return new HoldfastError(
    'usage',
    `${source.traits.displayName} would stand at "${place.join('/')}", where another source does.`,
    {
      hint: 'Give sources by absolute paths, each once, and none that lies within another.',
    },
  );
}
