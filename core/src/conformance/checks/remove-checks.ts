import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { expectEqual, expectRejection } from '../expectations.ts';

const removes = { of: 'Destination.remove', says: 'Removes an object (or an empty directory).' };
const emptyOnly = { of: 'Destination.remove', says: 'A directory that is not empty rejects with `is-directory`.' };
const missing = { of: 'Destination.remove', says: 'Removing a missing key resolves.' };

async function removeObject(context: CheckContext): Promise<void> {
  for (const name of ['a', 'ab', 'a-b', 'b/a', 'b/ab']) await context.put(name, name);
  for (const name of ['a', 'b/a']) {
    await context.destination.remove(context.key(name), {});
    expectEqual(await context.stat(name), undefined, `stat of "${name}", which was removed`);
    await expectRejection(context.get(name), ['not-found'], `reading "${name}", which was removed`);
  }
  expectEqual(await context.names(), ['a-b', 'ab', 'b/ab'], 'what is left');
  await context.put('a', 'again');
  expectEqual((await context.get('a')).toString(), 'again', 'an object written where one was removed');
}

async function removeMissing(context: CheckContext): Promise<void> {
  await context.put('file', 'x');
  for (const name of ['none', 'none', 'none/below/it', 'file/below', 'fil'])
    await context.destination.remove(context.key(name), {});
  expectEqual(await context.names(), ['file'], 'what is left');
}

async function removeDirectory(context: CheckContext): Promise<void> {
  await context.put('d/e/f', 'x');
  for (const name of ['d', 'd/e']) {
    await expectRejection(
      context.destination.remove(context.key(name), {}),
      ['is-directory'],
      `removing "${name}", a directory that is not empty`,
    );
  }
  expectEqual((await context.get('d/e/f')).toString(), 'x', 'what is in a directory that could not be removed');
  for (const name of ['d/e/f', 'd/e', 'd']) await context.destination.remove(context.key(name), {});
  expectEqual(await context.stat('d'), undefined, 'stat of a directory that was removed');
  expectEqual((await context.infos()).size, 0, 'how much is left');
}

export const removeChecks: readonly ConformanceCheck[] = [
  { id: 'remove.object', title: 'removes that object and no other', promise: removes, run: removeObject },
  { id: 'remove.missing', title: 'resolves for a missing key', promise: missing, run: removeMissing },
  {
    id: 'remove.directory',
    title: 'removes empty directories only',
    promise: emptyOnly,
    needs: ['directories'],
    run: removeDirectory,
  },
];
