/** Does not come: what a lie waits for when it is to be silent. */
export const never = new Promise<never>(() => {});
