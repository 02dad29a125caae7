import type { TaskHandler } from './worker-protocol.ts';

interface TaskModule {
  readonly run: TaskHandler<never, unknown>;
}

/** Which module does which task. Loaded when first asked for: a thread that scans does not load the copying. */
const taskTable: Readonly<Record<string, () => Promise<unknown>>> = {
  scan: () => import('../scan/scan-task.ts'),
  describe: () => import('../describe/describe-task.ts'),
  batch: () => import('../batch/batch-task.ts'),
};

const loaded = new Map<string, TaskHandler<unknown, unknown, unknown>>();

/** The module of a task by its name in the table or, for tests, by its `file:` URL. Throws for any other name. */
export async function loadTask(task: string): Promise<{ run: TaskHandler<unknown, unknown, unknown> }> {
  const known = loaded.get(task);
  if (known !== undefined) return { run: known };
  const load = taskTable[task] ?? (task.startsWith('file:') ? (): Promise<unknown> => import(task) : undefined);
  if (load === undefined) throw new Error(`No worker task is called "${task}".`);
  const { run } = (await load()) as TaskModule;
  loaded.set(task, run as TaskHandler<unknown, unknown, unknown>);
  return { run: run as TaskHandler<unknown, unknown, unknown> };
}
