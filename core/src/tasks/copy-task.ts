import type { Scope } from '../container/scope.ts';
import type { Source } from '../contracts/source.ts';
import type { LayoutSession } from '../pipeline/layout.ts';
import type { PlanGuard } from '../pipeline/guards/plan-guard.ts';
import type { OverwriteRule } from '../pipeline/plan/decide-entry.ts';
import type { Task } from '../pipeline/task.ts';
import type { CopyOptions } from './requests.ts';
import { tokens } from './tokens.ts';

interface CopyEnds {
  readonly source: Source;
  readonly layout: LayoutSession;
  readonly guards: readonly PlanGuard[];
  readonly runId: string;
  readonly overwrite: OverwriteRule;
  readonly deletes: boolean;
  readonly checksum: boolean;
}

/** The task of a copying verb, from its options and its opened ends. */
export function copyTask(scope: Scope, options: CopyOptions, ends: CopyEnds): Task {
  const { source, layout, guards, runId, overwrite, deletes, checksum } = ends;
  // Who reads one file writes one: the smaller number bounds both.
  const atOnce = smallest(options.concurrency, options.readConcurrency);
  return {
    source,
    layout,
    guards,
    runId,
    selection: options.selection,
    rules: { checksum, owner: options.owner, xattrs: options.xattrs, overwrite, deletes },
    verify: options.verify,
    dryRun: options.dryRun,
    scratch: scope.resolve(tokens.folders).scratch,
    clock: scope.resolve(tokens.clock),
    sink: scope.resolve(tokens.sink),
    signal: scope.resolve(tokens.signal),
    ...(atOnce === undefined ? {} : { concurrency: atOnce }),
  };
}

function smallest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
