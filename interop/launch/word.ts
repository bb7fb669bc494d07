export const launcherWords = ['auto', 'container', 'process'] as const;
/** What a person says of how peers are to be launched. */
export type LauncherWord = (typeof launcherWords)[number];
