/** Names something that a scope provides, with its type: `const clockToken = defineToken<Clock>('clock')`. */
export interface Token<T> {
  readonly symbol: symbol;
  readonly description: string;
  /** Carries the type only; never set. */
  readonly type?: T;
}

/** Makes a token. Two of the same description are two tokens. */
export function defineToken<T>(description: string): Token<T> {
  return { symbol: Symbol(description), description };
}
