import type { RelPath } from '../../contracts/rel-path.ts';
import { isWithin, joinPath } from '../../paths/rel-path.ts';
import { bytesOf } from '../../testing/byte-content.ts';
import type { CheckContext } from '../check-context.ts';
import { expectBytes, expectEqual } from '../expectations.ts';
import { doStep } from './do-step.ts';
import { ModelTree } from './model-tree.ts';
import { showStep, type Step } from './step.ts';

/** Does steps at the destination, below `root`, and in the model, and fails where the two differ after any of them. */
export async function playSteps(context: CheckContext, root: RelPath, steps: readonly Step[]): Promise<void> {
  const model = new ModelTree(context.destination.capabilities.directories !== undefined);
  const keyOf = (name: string): RelPath => joinPath(root, name);
  for (const [index, step] of steps.entries()) {
    const what = `step ${index + 1}, ${showStep(step)}`;
    const expected = model.apply(step);
    const outcome = await doStep(context.destination, step, keyOf);
    if (expected !== 'either') expectEqual(outcome, expected, what);
    const found = await listAll(context, root);
    if (outcome === 'refused') adoptParents(model, found, step);
    expectEqual(found, sizesOf(model), `what is listed after ${what}`);
    for (const name of 'to' in step ? [step.name, step.to] : [step.name]) await compareObject(context, model, name, keyOf, what);
  }
  for (const name of model.nodes.keys()) await compareObject(context, model, name, keyOf, 'all steps');
}

type Listed = Record<string, string>;

async function listAll(context: CheckContext, root: RelPath): Promise<Listed> {
  const listed: [string, string][] = [];
  for await (const page of context.destination.list(root, {})) {
    for (const { key, kind, size } of page)
      listed.push([key.slice(root.length + 1), kind === 'directory' ? kind : `${size} bytes`]);
  }
  return Object.fromEntries(listed.sort());
}

function sizesOf(model: ModelTree): Listed {
  const sizes = [...model.nodes].map(([name, node]) => [name, node === 'directory' ? node : `${node.length} bytes`] as const);
  return Object.fromEntries(sizes.sort());
}

/** A step that was refused may have made directories on its way. */
function adoptParents(model: ModelTree, found: Listed, step: Step): void {
  for (const [name, kind] of Object.entries(found)) {
    const ways = 'to' in step ? [step.name, step.to] : [step.name];
    const onTheWay = ways.some((way) => way !== name && isWithin(way as RelPath, name as RelPath));
    if (kind === 'directory' && onTheWay && !model.nodes.has(name)) model.nodes.set(name, 'directory');
  }
}

async function compareObject(
  { destination }: CheckContext,
  model: ModelTree,
  name: string,
  keyOf: (name: string) => RelPath,
  what: string,
): Promise<void> {
  const node = model.nodes.get(name);
  const info = await destination.stat(keyOf(name), {});
  expectEqual(
    info?.kind,
    node === undefined ? undefined : node === 'directory' ? node : 'file',
    `kind of "${name}" after ${what}`,
  );
  if (node instanceof Uint8Array) expectBytes(await bytesOf(destination.read(keyOf(name), {})), node, `"${name}" after ${what}`);
}
