/** An environment variable of this process; undefined when unset. The only place that reads process.env. */
export function readEnvironment(name: string): string | undefined {
  return process.env[name];
}
