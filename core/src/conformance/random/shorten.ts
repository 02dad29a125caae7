/**
 * The shortest sequence found that still fails, by leaving out ever smaller parts (delta debugging). `fails` is asked at most
 * `attempts` times.
 */
export async function shorten<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  attempts = 120,
): Promise<readonly Item[]> {
  let shortest = items;
  let left = attempts;
  for (let part = Math.ceil(items.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    for (let start = 0; start < shortest.length && left > 0; left--) {
      const without = [...shortest.slice(0, start), ...shortest.slice(start + part)];
      if (await fails(without)) shortest = without;
      else start += part;
    }
  }
  return shortest;
}
