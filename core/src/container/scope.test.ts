import { describe, expect, it } from 'vitest';
import { createScope } from './create-scope.ts';
import { Scope } from './scope.ts';
import { defineToken } from './token.ts';

interface Named {
  readonly name: string;
}
const first = defineToken<Named>('first');
const second = defineToken<Named>('second');

/** Something to dispose that writes down when it is. */
function resource(name: string, log: string[], fails = false): Named & AsyncDisposable {
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve();
      log.push(name);
      if (fails) throw new Error(`${name} does not close`);
    },
  };
}

describe('Scope', () => {
  it('makes each thing once, when it is first asked for', async () => {
    const scope = await createScope();
    let made = 0;
    scope.provide(first, () => ({ name: `made ${++made}` }));
    expect(made).toBe(0);
    expect(scope.resolve(first)).toBe(scope.resolve(first));
    expect(scope.child('task').resolve(first).name).toBe('made 1');
  });

  it('refuses to provide the same token twice, and lets a child provide its own', () => {
    const scope = Scope.root().provideShared(first, { name: 'parent' });
    expect(() => scope.provide(first, () => ({ name: 'again' }))).toThrow('provides "first" already');
    const child = scope.child('task').provideShared(first, { name: 'child' });
    expect([scope.resolve(first).name, child.resolve(first).name]).toEqual(['parent', 'child']);
  });

  it('makes what a parent provides from the parent alone', () => {
    const scope = Scope.root().provide(second, (owner) => ({ name: `from ${owner.resolve(first).name}` }));
    scope.provideShared(first, { name: 'parent' });
    const child = scope.child('task').provideShared(first, { name: 'child' });
    expect(child.resolve(second).name).toBe('from parent');
  });

  it('says what is missing, what needs itself and what is over', async () => {
    const scope = Scope.root('process');
    expect(() => scope.resolve(first)).toThrow('Nothing provides "first" in the scope "process".');
    scope.provide(first, (owner) => owner.resolve(second)).provide(second, (owner) => owner.resolve(first));
    expect(() => scope.resolve(first)).toThrow('"first" of the scope "process" needs itself');
    await scope[Symbol.asyncDispose]();
    expect(() => scope.resolve(first)).toThrow('is disposed');
    expect(() => scope.child('late')).toThrow('is disposed');
  });

  it('tries again to make what could not be made', () => {
    let attempts = 0;
    const scope = Scope.root().provide(first, () => {
      if (++attempts === 1) throw new Error('not yet');
      return { name: 'made' };
    });
    expect(() => scope.resolve(first)).toThrow('not yet');
    expect(scope.resolve(first).name).toBe('made');
  });

  it('disposes children first, then its own, the youngest first, and only what it owns', async () => {
    const log: string[] = [];
    const shared = defineToken<Named>('shared');
    const scope = Scope.root().provideOwned(first, resource('owned', log)).provideShared(shared, resource('shared', log));
    scope.provide(second, () => resource('made', log));
    const child = scope.child('task').provideOwned(first, resource('child', log));
    child.child('target').provideOwned(first, resource('grandchild', log));
    scope.child('other').defer(() => void log.push('other child'));
    scope.resolve(second);
    await scope[Symbol.asyncDispose]();
    await scope[Symbol.asyncDispose]();
    expect(log).toEqual(['other child', 'grandchild', 'child', 'made', 'owned']);
  });

  it('disposes of everything even if some of it fails, and reports each failure', async () => {
    const log: string[] = [];
    const scope = Scope.root();
    scope.provideOwned(first, resource('a', log, true)).provideOwned(second, resource('b', log));
    scope.child('task').provideOwned(first, resource('c', log, true));
    const error = await scope[Symbol.asyncDispose]().catch((reason: unknown) => reason);
    expect(log).toEqual(['c', 'b', 'a']);
    expect(error).toBeInstanceOf(SuppressedError);
    expect(error).toMatchObject({ error: { message: 'a does not close' }, suppressed: { message: 'c does not close' } });
  });

  it('forgets a child that was disposed', async () => {
    const log: string[] = [];
    const scope = Scope.root();
    await scope.child('task').provideOwned(first, resource('child', log))[Symbol.asyncDispose]();
    await scope[Symbol.asyncDispose]();
    expect(log).toEqual(['child']);
  });

  it('leaves the global container alone', async () => {
    const { container: globalContainer } = await import('tsyringe');
    Scope.root().provideShared(first, { name: 'x' });
    expect(globalContainer.isRegistered(first.symbol, true)).toBe(false);
  });
});
