/** Fewer than this many at once are left alone, so that cells side by side do each other no harm. */
const crowd = 10;

/** Collects values for a moment, then gives each one its neighbour's. */
export function makeRotation<T>(): (value: T) => Promise<T> {
  let queue: { readonly value: T; readonly give: (value: T) => void }[] = [];

  function rotate(): void {
    const waiting = queue;
    queue = [];
    const values = waiting.map(({ value }) => value);
    const first = values.length < crowd ? undefined : values.shift();
    if (first !== undefined) values.push(first);
    for (const [index, { value, give }] of waiting.entries()) give(values[index] ?? value);
  }

  return (value) => {
    if (queue.length === 0) setTimeout(rotate, 20);
    return new Promise((give) => {
      queue.push({ value, give });
    });
  };
}
