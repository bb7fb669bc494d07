/** An object for whoever fills it; to everybody else it is readonly, and live. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };
