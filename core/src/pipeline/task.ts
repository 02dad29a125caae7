import type { BatchOptions } from '../contracts/batch.ts';
import type { EventSink } from '../contracts/events.ts';
import type { Selection } from '../contracts/selection.ts';
import type { Source } from '../contracts/source.ts';
import type { VerifyMethod } from '../contracts/verifier.ts';
import type { Clock } from '../environment/clock.ts';
import type { LayoutSession } from './layout.ts';
import type { PlanGuard } from './guards/plan-guard.ts';
import type { OverwriteRule } from './plan/decide-entry.ts';

/** How entries are compared and what of them is kept. */
interface TaskRules {
  /** Compare contents, not size and times. */
  readonly checksum: boolean;
  readonly owner: boolean;
  readonly xattrs: boolean;
  readonly overwrite: OverwriteRule;
  /** Retire what the source does not have. */
  readonly deletes: boolean;
}

/** One source on its way to one destination: everything that the pipeline needs, opened and ready. */
export interface Task {
  readonly source: Source;
  readonly layout: LayoutSession;
  readonly selection: Selection;
  readonly rules: TaskRules;
  /** Each looks at the plan and rejects it with its own error, before anything is written. */
  readonly guards: readonly PlanGuard[];
  readonly verify: VerifyMethod;
  readonly dryRun: boolean;
  readonly runId: string;
  /** Directory for what does not fit into memory. */
  readonly scratch: string;
  readonly clock: Clock;
  readonly sink: EventSink;
  readonly signal: AbortSignal;
  readonly concurrency?: number;
  readonly takeBytes?: BatchOptions['takeBytes'];
}
