// tsyringe refuses to load without these functions of Reflect; nothing here stores metadata.
import 'reflect-metadata/lite';
import { container, type DependencyContainer } from 'tsyringe';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { isDisposable } from './is-disposable.ts';
import type { Token } from './token.ts';

/**
 * What a process, a task or a target of a task works with, by token. A child sees what its parents provide; a parent never sees
 * what a child provides. Disposing a scope disposes its children, then what it made and owns, the youngest first.
 *
 * The only file that knows the injection library. Stages get plain objects from it; nobody passes a scope around.
 */
export class Scope implements AsyncDisposable {
  readonly name: string;
  readonly #container: DependencyContainer;
  readonly #parent: Scope | undefined;
  readonly #children = new Set<Scope>();
  readonly #owned = new AsyncDisposableStack();
  #closing: Promise<void> | undefined;

  private constructor(name: string, parent: Scope | undefined) {
    this.name = name;
    this.#parent = parent;
    // A child of the library's global container, on which nothing is ever registered.
    this.#container = (parent === undefined ? container : parent.#container).createChildContainer();
    if (parent !== undefined) parent.#children.add(this);
  }

  /** A scope without parent: one a process. */
  static root(name = 'process'): Scope {
    return new Scope(name, undefined);
  }

  /** A scope below this one: one a task, and one a target below that. */
  child(name: string): Scope {
    this.#assertOpen();
    return new Scope(name, this);
  }

  /**
   * Provides what `make` makes, once, when it is first asked for. It is disposed with this scope where it can be.
   * Throws `internal` when this scope provides the token already; a child may provide another one of its own.
   */
  provide<T>(token: Token<T>, make: (scope: Scope) => T): this {
    let made: { readonly value: T } | undefined;
    let making = false;
    return this.#register(token, () => {
      if (made !== undefined) return made.value;
      if (making)
        throw new HoldfastError('internal', `"${token.description}" of the scope "${this.name}" needs itself to be made.`);
      making = true;
      try {
        made = { value: make(this) };
      } finally {
        making = false;
      }
      this.#own(made.value);
      return made.value;
    });
  }

  /** Provides what was made elsewhere and handed over: it is disposed with this scope where it can be. */
  provideOwned<T>(token: Token<T>, value: T): this {
    this.#register(token, () => value);
    this.#own(value);
    return this;
  }

  /** Provides what belongs to somebody else, who also disposes it. */
  provideShared<T>(token: Token<T>, value: T): this {
    return this.#register(token, () => value);
  }

  /** What this scope or the nearest above it provides. Throws `internal` when none does, and what its maker throws. */
  resolve<T>(token: Token<T>): T {
    this.#assertOpen();
    if (!this.has(token)) {
      throw new HoldfastError('internal', `Nothing provides "${token.description}" in the scope "${this.name}".`);
    }
    return this.#container.resolve<T>(token.symbol);
  }

  /** Whether this scope or one above it provides the token. */
  has(token: Token<unknown>): boolean {
    return this.#container.isRegistered(token.symbol, true);
  }

  /** Runs `cleanup` when this scope is disposed, before what was made or provided earlier is disposed. */
  defer(cleanup: () => Promise<void> | void): void {
    this.#assertOpen();
    this.#owned.defer(cleanup);
  }

  /**
   * Disposes everything, whatever fails. Rejects with what one disposer threw, or with a SuppressedError that holds all.
   * Disposing twice is disposing once.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    if (this.#parent !== undefined) this.#parent.#children.delete(this);
    const all = new AsyncDisposableStack();
    all.use(this.#owned);
    // Disposed before what this scope owns, the youngest child first.
    for (const child of this.#children) all.use(child);
    await all.disposeAsync();
  }

  #register<T>(token: Token<T>, get: () => T): this {
    this.#assertOpen();
    if (this.#container.isRegistered(token.symbol)) {
      throw new HoldfastError('internal', `The scope "${this.name}" provides "${token.description}" already.`);
    }
    this.#container.register<T>(token.symbol, { useFactory: get });
    return this;
  }

  #own(value: unknown): void {
    if (isDisposable(value)) this.#owned.use(value);
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new HoldfastError('internal', `The scope "${this.name}" is disposed.`);
  }
}
