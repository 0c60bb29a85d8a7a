/** What a process and its children used, read from Linux's /proc. */
import { readFileSync } from 'node:fs'

/** USER_HZ, which Linux fixes at 100 in its interfaces. */
const ticksPerS = 100

export interface CpuSeconds {
  user: number
  system: number
}

/** Of one process, from a line of /proc/<pid>/stat. */
export function cpuSeconds(stat: string): CpuSeconds {
  // The name stands in parentheses and may hold anything; field 3 follows it, 14 and 15 are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { user: Number(fields[11]) / ticksPerS, system: Number(fields[12]) / ticksPerS }
}

/** Resident memory in MiB, from /proc/<pid>/status. */
export const residentMiB = (status: string): number => Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024

/** A process and all that descend from it: nginx answers in a child. */
function family(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(family)]
}

export const childrenOf = (pid: number): number[] =>
  readOr(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)

export function cpuSecondsOf(pid: number): CpuSeconds {
  const all = family(pid).map((member) => cpuSeconds(readOr(`/proc/${member}/stat`, endedStat)))
  return { user: sum(all.map(({ user }) => user)), system: sum(all.map(({ system }) => system)) }
}

/** Of the thread that runs JavaScript: the others collect garbage, compile, and wait for files. */
export function mainThreadSecondsOf(pid: number): number {
  const { user, system } = cpuSeconds(readOr(`/proc/${pid}/task/${pid}/stat`, endedStat))
  return user + system
}

export const residentMiBOf = (pid: number): number =>
  sum(family(pid).map((member) => residentMiB(readOr(`/proc/${member}/status`))))

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const endedStat = `0 () ${'0 '.repeat(50)}`

/** A process that ended in between used nothing more. */
function readOr(path: string, otherwise = ''): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}

/** Remembers the most memory that was seen until it is asked. */
export function watchMemory(pid: number, everyMs = 100): () => number {
  let max = residentMiBOf(pid)
  const timer = setInterval(() => {
    max = Math.max(max, residentMiBOf(pid))
  }, everyMs)
  return () => {
    clearInterval(timer)
    return Math.max(max, residentMiBOf(pid))
  }
}
