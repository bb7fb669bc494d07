/** Whose streams are whose, where no call has an id. Pure. */
import { isBeside } from '../model/method.ts';
import { isRefused, type WireStream } from '../model/wire.ts';
import { headerValue } from './half.ts';

/**
 * For each method that was to be called, in order, its streams: one, and those before it that the
 * server refused; to the last call of a method belongs what there is too much of it. Calls of other
 * described methods are too much as well, and stand in front of the last one's.
 */
export function shareOut(
  streams: readonly WireStream[],
  methods: readonly string[],
  isDescribed: (path: string) => boolean,
): readonly (readonly WireStream[])[] {
  const wanted = streams.filter((stream) => methods.includes(pathOf(stream)));
  const queues = Map.groupBy(wanted, pathOf);
  const strays = streams.filter(
    (stream) => !wanted.includes(stream) && (isDescribed(pathOf(stream)) || !isBeside(pathOf(stream))),
  );
  const shares = methods.map((method, index) => {
    const queue = queues.get(method) ?? [];
    // A call of a path that nobody asked for stands for the one that did not come.
    if (queue.length === 0) return strays.splice(0, 1);
    return methods.includes(method, index + 1) ? queue.splice(0, turn(queue)) : queue.splice(0);
  });
  const last = shares.length - 1;
  const more = strays.filter((stream) => isDescribed(pathOf(stream)));
  return shares.map((share, index) => (index === last ? [...more, ...share] : share));
}

/** How many of them are one call. */
function turn(queue: readonly WireStream[]): number {
  const begun = queue.findIndex((stream) => !isRefused(stream));
  return begun < 0 ? queue.length : begun + 1;
}

function pathOf({ request }: WireStream): string {
  return headerValue(request.headers, ':path') ?? '';
}
