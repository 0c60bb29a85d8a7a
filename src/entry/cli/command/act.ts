/** Connects the work of a command to commander, which knows no exit statuses. */

/** Work that resolves to nothing is done: status 0. */
export const act =
  <Arguments extends unknown[]>(work: (...args: Arguments) => Promise<number | undefined>) =>
  async (...args: Arguments): Promise<void> => {
    process.exitCode = (await work(...args)) ?? 0
  }
