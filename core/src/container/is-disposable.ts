/** Whether `await using` takes the value. */
export function isDisposable(value: unknown): value is AsyncDisposable | Disposable {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return Symbol.asyncDispose in value || Symbol.dispose in value;
}
