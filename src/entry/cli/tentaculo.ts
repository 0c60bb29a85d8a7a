/** `tentaculo`: everything an operator does in a terminal. Each failure ends with one sentence and its exit status. */
import { CommanderError } from 'commander'
import { exitStatus, sentenceOf, statusOf } from './command/exit-status.ts'
import { program } from './program.ts'

// A reader such as `head` that has enough is no failure.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))

try {
  await program().parseAsync()
} catch (error) {
  process.exitCode = failed(error)
}

/** commander has printed its own complaint already; help and version are no failures. */
function failed(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.misused
  process.stderr.write(`${sentenceOf(error)}\n`)
  return statusOf(error)
}
