/** What a process and its children used, read from Linux's /proc. */
import { readFileSync } from 'node:fs'

/** USER_HZ, which Linux has fixed at 100 for what it tells programs. */
const ticksPerS = 100

/** User and system time of one process in seconds, from a line of /proc/<pid>/stat. */
export function cpuSeconds(stat: string): number {
  // The name stands in parentheses and may hold anything; field 3 follows it, 14 and 15 are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerS
}

/** Resident memory in MiB, from /proc/<pid>/status. */
export const residentMiB = (status: string): number => Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024

/** A process and all that descend from it: nginx answers in a child. */
function family(pid: number): number[] {
  const children = readOr(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(family)]
}

export const cpuSecondsOf = (pid: number): number => sum(pid, 'stat', cpuSeconds)

export const residentMiBOf = (pid: number): number => sum(pid, 'status', residentMiB)

const sum = (pid: number, file: string, read: (text: string) => number) =>
  family(pid).reduce((total, member) => {
    const text = readOr(`/proc/${member}/${file}`)
    return text === '' ? total : total + read(text)
  }, 0)

/** A process that ended in between used nothing more. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Remembers the most memory that was seen until it is asked. */
export function watchMemory(pid: number, everyMs = 100): () => number {
  let most = residentMiBOf(pid)
  const timer = setInterval(() => {
    most = Math.max(most, residentMiBOf(pid))
  }, everyMs)
  return () => {
    clearInterval(timer)
    return Math.max(most, residentMiBOf(pid))
  }
}
