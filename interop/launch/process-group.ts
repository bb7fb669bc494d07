/** Ends a process that leads a group, and everything in the group, at once. */
export function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended by itself.
  }
}
