import type { Content } from '../../contracts/content.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { expectAborted, expectBytes, expectEqual, expectRejection, expectWithin } from '../expectations.ts';
import { patternBytes, patternContent } from '../pattern.ts';

const oldOrNone = { of: 'Destination.write', says: 'A rejected or aborted write leaves the old object, or none.' };
const reason = {
  of: 'CallOptions.signal',
  says: "Aborting makes the call reject with the signal's reason as soon as it can, leaving old or whole objects only.",
};
const SIZE = 300_000;
const PROMPT_MS = 5000;

/** `content`, but `interfere` runs after so many bytes; what it throws ends the content. */
function interrupted(content: Content, afterBytes: number, interfere: () => void): Content {
  return {
    ...content,
    async *open(options) {
      let given = 0;
      for await (const chunk of content.open(options)) {
        if (given + chunk.length > afterBytes) {
          if (afterBytes > given) yield chunk.subarray(0, afterBytes - given);
          interfere();
        }
        given += chunk.length;
        yield chunk;
      }
      if (given === afterBytes) interfere();
    },
  };
}

/** Attempts a write that must fail, on a new and on an old object, and sees that nothing came of it. */
async function expectNoTrace(context: CheckContext, attempt: (name: string) => Promise<unknown>, what: string): Promise<void> {
  await context.destination.write(context.key('old'), patternContent(1, 70_000), {});
  for (const name of ['old', 'new', 'folder/new']) await attempt(name);
  expectBytes(await context.get('old'), patternBytes(1, 0n, 70_000), `the old object after ${what}`);
  expectEqual(await context.stat('new'), undefined, `what is at a new key after ${what}`);
  expectEqual(await context.names(), ['old'], `what is listed after ${what}`);
}

async function failMidway(context: CheckContext): Promise<void> {
  for (const at of [0, 1, 65_536, 200_001, SIZE]) {
    const breakOff = (): never => {
      throw new HoldfastError('read-failed', 'The source broke.');
    };
    const attempt = (name: string): Promise<unknown> => {
      const content = interrupted(patternContent(2, SIZE), at, breakOff);
      const what = `writing content that breaks after ${at} bytes`;
      return expectRejection(context.destination.write(context.key(name), content, {}), ['read-failed'], what);
    };
    await expectNoTrace(context, attempt, `content broke after ${at} of ${SIZE} bytes`);
  }
}

async function failBySize(context: CheckContext): Promise<void> {
  for (const told of [SIZE - 1, SIZE + 1, 0, SIZE * 2]) {
    const attempt = (name: string): Promise<unknown> => {
      const content = { ...patternContent(2, SIZE), size: BigInt(told) };
      const what = `writing ${SIZE} bytes that were told to be ${told}`;
      return expectRejection(context.destination.write(context.key(name), content, {}), ['source-changed'], what);
    };
    await expectNoTrace(context, attempt, `content of ${SIZE} bytes was told to have ${told}`);
  }
}

async function abortMidway(context: CheckContext): Promise<void> {
  for (const at of [0, 65_536, 200_001]) {
    const attempt = (name: string): Promise<unknown> => {
      const controller = new AbortController();
      const why = new Error('aborted by the check');
      const content = interrupted(patternContent(2, SIZE), at, () => controller.abort(why));
      const write = context.destination.write(context.key(name), content, { signal: controller.signal });
      return expectWithin(PROMPT_MS, expectAborted(write, why, `a write aborted after ${at} bytes`), 'an aborted write');
    };
    await expectNoTrace(context, attempt, `the write was aborted after ${at} of ${SIZE} bytes`);
  }
}

/** The content gives nothing any more, as a hanging network drive does; only the signal can end the write. */
async function abortHanging(context: CheckContext): Promise<void> {
  const attempt = (name: string): Promise<unknown> => {
    const why = new Error('aborted by the check');
    const controller = new AbortController();
    const content: Content = {
      size: BigInt(SIZE),
      async *open({ signal }) {
        yield patternBytes(2, 0n, 1000);
        setTimeout(() => controller.abort(why), 20);
        await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      },
    };
    const write = context.destination.write(context.key(name), content, { signal: controller.signal });
    return expectWithin(
      PROMPT_MS,
      expectAborted(write, why, 'a write of hanging content'),
      'an aborted write of hanging content',
    );
  };
  await expectNoTrace(context, attempt, 'a hanging write was aborted');
}

const wrongSize = {
  of: 'Destination.write',
  says: 'Content that gives more or fewer bytes than its size rejects with `source-changed`',
};
const needs = ['atomic replacement'] as const;

export const failedWriteChecks: readonly ConformanceCheck[] = [
  {
    id: 'write.content-fails',
    title: 'leaves the old object, or none, where content fails',
    promise: oldOrNone,
    needs,
    run: failMidway,
  },
  {
    id: 'write.wrong-size',
    title: 'refuses content that is shorter or longer than it was told',
    promise: wrongSize,
    needs,
    run: failBySize,
  },
  {
    id: 'write.abort',
    title: 'leaves the old object, or none, where it is aborted',
    promise: oldOrNone,
    needs,
    run: abortMidway,
  },
  { id: 'write.abort-hanging', title: 'can be aborted while content hangs', promise: reason, needs, run: abortHanging },
];
