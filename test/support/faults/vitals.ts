/** What a gateway process holds now, by its /metrics and its open files: where it leaks, one of these grows. */
import { readdir, readlink } from 'node:fs/promises'
import { type Gateway, residentMiB } from '../gateways.ts'

export interface Vitals {
  fds: number
  sockets: number
  timers: number
  resources: number
  residentMiB: number
  heapMiB: number
}

export async function readVitals(gateway: Gateway): Promise<Vitals> {
  const text = await (await gateway.fetch('/metrics')).text()
  const value = (name: string) => {
    const line = text.split('\n').find((each) => each.startsWith(`${name} `))
    return line === undefined ? 0 : Number(line.slice(name.length + 1))
  }
  return {
    fds: await openFiles(gateway.process.pid ?? 0),
    sockets: value('nodejs_active_resources{type="TCPSocketWrap"}'),
    timers: value('nodejs_active_resources{type="Timeout"}'),
    resources: [...text.matchAll(/^nodejs_active_resources\{.*\} (\d+)$/gm)].reduce(
      (sum, [, each]) => sum + Number(each),
      0,
    ),
    residentMiB: value('process_resident_memory_bytes') / 2 ** 20,
    heapMiB: value('nodejs_heap_size_used_bytes') / 2 ** 20,
  }
}

/** Sockets and files; threads of the database come and go, and with them its files. */
async function openFiles(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`
  const targets = await Promise.all((await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')))
  return targets.filter((target) => /^(socket:|\/)/.test(target) && !/vx11\.db(-|$)/.test(target)).length
}

/** The most memory a process has held while we looked, every 50 ms. */
export async function watchMemory({ process: { pid = 0 } }: Gateway) {
  const atFirst = await residentMiB(pid)
  let max = atFirst
  const timer = setInterval(async () => {
    max = Math.max(max, await residentMiB(pid).catch(() => 0))
  }, 50)
  return {
    stop(): { atFirst: number; max: number; grown: number } {
      clearInterval(timer)
      return { atFirst, max, grown: max - atFirst }
    },
  }
}
