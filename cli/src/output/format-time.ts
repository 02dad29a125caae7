/** A moment for people, in this machine's time zone: `2026-11-23 10:00`. */
export function formatTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** RFC 3339 of nanoseconds since 1970, with all nine digits; undefined outside of the years 0 to 9999. */
export function formatExactTime(ns: bigint): string | undefined {
  const rest = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const time = new Date(Number((ns - rest) / 1_000_000n));
  const year = time.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return undefined;
  return time.toISOString().replace(/\.\d+Z$/, `.${String(rest).padStart(9, '0')}Z`);
}
